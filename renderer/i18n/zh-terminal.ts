/** Simplified Chinese, the part about terminals; see `zh.ts`. */
import type { terminal as source } from './en-terminal.ts';
import type { Translation } from './message.ts';

export const terminal: Translation<typeof source, 'other'> = {
  'terminal.tab': '终端',
  'terminal.loading': '正在查看可以在哪里打开终端',
  'terminal.in_container': '在其容器中',
  'terminal.in_container_help':
    '在 {name} 的容器（由 {image} 创建）中打开的 shell，与它现在运行时一样：相同的文件、相同的网络、相同的限制。',
  'terminal.not_running': '其容器没有运行。请先打开该服务器。',
  'terminal.open': '打开终端',
  'terminal.on_computer': '在这台电脑上，不在容器中',
  'terminal.on_computer_help':
    '以 {user} 的身份在 {folder} 中打开的 shell。该用户能做的它都能做：读取任何文件，运行任何程序。',
  'terminal.open_here': '在这台电脑上打开终端',
  'terminal.host_off': '这台电脑上的终端已关闭',
  'terminal.host_off_help':
    '该服务器不在容器中运行，因此它的终端会拥有您的全部权限。如要允许，请在配置文件中写入：',
  'terminal.recorded': '活动中会记录谁打开了终端以及多长时间，绝不记录输入或显示的内容。',
  'terminal.in': '在容器中，{image}',
  'terminal.here': '在这台电脑上，以 {user} 的身份，未隔离',
  'terminal.keys': 'F6 离开终端。Ctrl+Shift+C 复制所选内容，Ctrl+Shift+V 粘贴。',
  'terminal.aloud': '供屏幕阅读器使用',
  'terminal.opening': '正在打开',
  'terminal.close': '关闭终端',
  'terminal.again': '再次打开',
  'terminal.label': '{name} 的终端',
  'terminal.input': '终端。按 F6 离开。',
  'terminal.too_much': '输出太多，无法朗读。',
  'terminal.exited': 'shell 已结束，代码为 {code}。',
  'terminal.closed': '终端已关闭。',
  'terminal.left': '此页面失去了该终端，它已结束。',
  'terminal.idle': '半小时无人输入，终端已关闭。',
  'terminal.forbidden': '配置不再允许，终端已关闭。',
};
