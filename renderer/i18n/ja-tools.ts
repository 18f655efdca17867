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
};
