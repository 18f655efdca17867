/** Japanese, the part about terminals; see `ja.ts`. */
import type { terminal as source } from './en-terminal.ts';
import type { Translation } from './message.ts';

export const terminal: Translation<typeof source, 'other'> = {
  'terminal.tab': 'ターミナル',
  'terminal.loading': 'ターミナルを開ける場所を調べています',
  'terminal.in_container': 'コンテナの中',
  'terminal.in_container_help':
    '{image} から作られた {name} のコンテナの中のシェルです。今動いているままの、同じファイル、同じネットワーク、同じ制限です。',
  'terminal.not_running': 'コンテナが動いていません。先にサーバーをオンにしてください。',
  'terminal.open': 'ターミナルを開く',
  'terminal.on_computer': 'このコンピューター上（コンテナなし）',
  'terminal.on_computer_help':
    '{user} として {folder} で開くシェルです。このユーザーにできることはすべてできます。どのファイルも読め、どのプログラムも実行できます。',
  'terminal.open_here': 'このコンピューターでターミナルを開く',
  'terminal.host_off': 'このコンピューター上のターミナルはオフです',
  'terminal.host_off_help':
    'このサーバーはコンテナで動いていないため、ターミナルはあなたの権限をすべて持ちます。許可するには、設定ファイルに次のように書いてください:',
  'terminal.recorded':
    'アクティビティには、誰がどれだけの間ターミナルを開いたかだけが残り、入力や表示の内容は残りません。',
  'terminal.in': 'コンテナの中、{image}',
  'terminal.here': 'このコンピューター上、{user} として、隔離なし',
  'terminal.keys':
    'F6 でターミナルから出ます。Ctrl+Shift+C で選択範囲をコピー、Ctrl+Shift+V で貼り付けます。',
  'terminal.aloud': 'スクリーンリーダー用',
  'terminal.opening': '開いています',
  'terminal.close': 'ターミナルを閉じる',
  'terminal.again': 'もう一度開く',
  'terminal.label': '{name} のターミナル',
  'terminal.input': 'ターミナル。F6 で出ます。',
  'terminal.too_much': '出力が多すぎて読み上げられません。',
  'terminal.exited': 'シェルはコード {code} で終了しました。',
  'terminal.closed': 'ターミナルを閉じました。',
  'terminal.left': 'このページが見失ったため、ターミナルは終了しました。',
  'terminal.idle': '30 分間入力がなかったため、ターミナルを閉じました。',
  'terminal.forbidden': '設定で許可されなくなったため、ターミナルを閉じました。',
};
