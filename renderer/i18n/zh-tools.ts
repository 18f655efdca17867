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
};
