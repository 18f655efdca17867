/** Japanese, of one tool and of the choices over a server's tools. See `ja.ts`. */
import type { tools as source } from './en-tools.ts';
import type { Translation } from './message.ts';

export const tools: Translation<typeof source, 'other'> = {
  'tools.ask_first': '事前に確認',
  'tools.never_used': '未使用',
  'tools.none_ask': '事前に確認するツールはありません',
  'tools.none_unused': 'すべてのツールが使われています',
  'tools.saving':
    'オンのツールのうち {count} 個は、アクティビティの記録がある間、一度も使われていません。オフにすると、リクエストごとに {tokens} トークン節約できます。',
  'tools.switch_off': '{count} 個のツールをオフにする',
  'tools.switched_off': '{count} 個のツールをオフにしました。',
  'tool.before': '呼び出しの前に',
  'tool.before_of': '{tool} の呼び出しの前に',
  'tool.ask': '事前に確認する',
  'tool.never': '確認しない',
  'tool.as_configured_ask': '設定どおり：事前に確認する',
  'tool.as_configured_never': '設定どおり：確認しない',
  'tool.as_configured': '設定どおり',
  'tool.always': '{count} 件の呼び出しが常に許可されています。',
  'tool.ask_again': '再び確認する',
  'tool.last_used': '最後の使用',
  'tool.used_by': '{when}、{client}',
  'tool.never_used': '記録がある間はなし',
  'tool.rename': '名前や説明を変える',
  'tool.rename_help':
    'サーバーの言葉の代わりにクライアントに見せるものです。承認と呼び出し前の確認はツールに付いたままです。',
  'tool.own_name': '名前',
  'tool.own_title': 'タイトル',
  'tool.own_description': '説明',
  'tool.of_server': 'サーバーの言葉：{text}',
  'tool.renamed': 'クライアントには {tool} があなたの言葉で見えます。',
  'tool.own_words': 'あなたの言葉',
  'tool.use_server': 'サーバーの言葉に戻す',
  'tool.reset': 'クライアントには {tool} がサーバーの言葉で見えます。',
  'tool.in_file': '設定ファイルにもこのツールの言葉がありますが、ここで決めたものが優先されます。',
  'tool.save': '保存',
  'tool.saving': '保存中',
};
