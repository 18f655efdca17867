/** Japanese, of the popover by the tray icon and of links from outside; see `ja.ts`. */
import type { popover as source } from './en-popover.ts';
import type { Translation } from './message.ts';

export const popover: Translation<typeof source, 'other'> = {
  'popover.starting': '起動中',
  'popover.running_waiting': '稼働中、{count} 件があなたを待っています',
  'popover.figures': '{sessions} · {calls}',
  'popover.pause': 'すべてのサーバーを一時停止',
  'popover.resume': 'すべてのサーバーを再開',
  'popover.paused': 'すべてのサーバーが一時停止中',
  'popover.show': '表示',
  'popover.call_waits': '{tool} が待機中',
  'popover.call_from': '{client} · {server} · {time}',
  'popover.client': '{name} がサインインを求めています',
  'popover.left': '{what} · {time}',
  'popover.settings': '設定',
  'popover.waiting_for_you': 'あなたを待っているもの',
  'popover.wants': '{client} が実行を求めています:',
  'popover.new_server': '{name} は新しいサーバーです',
  'popover.definitions': '{name} が変わりました',
  'popover.waiting': '{count} 件を保留中',
  'popover.sign_in': '{name} がサインインを求めています',
  'popover.failed': '{name} は動いていません',
  'popover.more': 'ほか {count} 件',
  'popover.all': 'すべて（{count}）',
  'popover.tools': 'ツール {count} 個',
  'popover.last_calls': '最近の呼び出し',
  'popover.open': 'Gatehouse を開く',
  'popover.copy': 'エンドポイントをコピー',
  'link.filled': 'リンクから入力されました。提供元を信頼できる場合にのみ続けてください。',
  'link.kept': 'リンクが {address} を入力しようとしました。ここにある内容はそのままです。',
  'link.unknown': 'このリンクの行き先は Gatehouse にありません。',
};
