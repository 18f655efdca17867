/** Simplified Chinese, of the popover by the tray icon and of links from outside; see `zh.ts`. */
import type { popover as source } from './en-popover.ts';
import type { Translation } from './message.ts';

export const popover: Translation<typeof source, 'other'> = {
  'popover.starting': '正在启动',
  'popover.running_waiting': '正在运行，{count} 项在等您',
  'popover.figures': '{sessions} · {calls}',
  'popover.pause': '暂停所有服务器',
  'popover.resume': '恢复所有服务器',
  'popover.paused': '所有服务器已暂停',
  'popover.show': '显示',
  'popover.call_waits': '{tool} 在等您',
  'popover.call_from': '{client} · {server} · {time}',
  'popover.client': '{name} 想要登录',
  'popover.left': '{what} · {time}',
  'popover.settings': '设置',
  'popover.waiting_for_you': '等您处理',
  'popover.wants': '{client} 想运行：',
  'popover.new_server': '{name} 是新的',
  'popover.definitions': '{name} 有变化',
  'popover.waiting': '已暂不放行 {count} 项',
  'popover.sign_in': '{name} 需要您登录',
  'popover.failed': '{name} 未运行',
  'popover.more': '另外 {count} 项',
  'popover.all': '全部 {count} 个',
  'popover.tools': '{count} 个工具',
  'popover.last_calls': '最近的调用',
  'popover.open': '打开 Gatehouse',
  'popover.copy': '复制端点',
  'link.filled': '此内容由链接填入。仅在您信任其来源时继续。',
  'link.kept': '有链接想填入 {address}。这里的内容已保留。',
  'link.unknown': '此链接在 Gatehouse 中没有去处。',
};
