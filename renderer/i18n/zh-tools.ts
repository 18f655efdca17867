/** Simplified Chinese, of one tool and of the choices over a server's tools. See `zh.ts`. */
import type { tools as source } from './en-tools.ts';
import type { Translation } from './message.ts';

export const tools: Translation<typeof source, 'other'> = {
  'tools.ask_first': '先询问',
  'tools.never_used': '从未使用',
  'tools.none_ask': '没有需要先询问的工具',
  'tools.none_unused': '所有工具都用过',
  'tools.saving':
    '在现有活动记录中，有 {count} 个已开启的工具从未使用过。将其关闭，每次请求可节省 {tokens} 个 token。',
  'tools.switch_off': '关闭 {count} 个工具',
  'tools.switched_off': '已关闭 {count} 个工具。',
  'tool.before': '每次调用前',
  'tool.before_of': '每次调用 {tool} 前',
  'tool.ask': '先询问',
  'tool.never': '不询问',
  'tool.as_configured_ask': '按配置：先询问',
  'tool.as_configured_never': '按配置：不询问',
  'tool.as_configured': '按配置',
  'tool.always': '有 {count} 个调用始终允许。',
  'tool.ask_again': '重新询问',
  'tool.last_used': '上次使用',
  'tool.used_by': '{when}，由 {client}',
  'tool.never_used': '在现有记录中从未使用',
  'tool.rename': '重命名或描述',
  'tool.rename_help': '客户端看到的是这里的文字，而不是服务器的。批准和调用前的询问仍属于该工具。',
  'tool.own_name': '名称',
  'tool.own_title': '标题',
  'tool.own_description': '描述',
  'tool.of_server': '服务器的文字：{text}',
  'tool.renamed': '客户端现在看到的是您为 {tool} 写的文字。',
  'tool.own_words': '您的文字',
  'tool.use_server': '使用服务器的文字',
  'tool.reset': '客户端现在看到的是服务器为 {tool} 写的文字。',
  'tool.in_file': '配置文件也为此工具写了文字；以您的为准。',
  'tool.save': '保存',
  'tool.saving': '正在保存',
};
