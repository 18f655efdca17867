/** English, of one tool and of the choices over a server's tools. See `en.ts`. */
export const tools = {
  'tools.ask_first': 'Ask first',
  'tools.never_used': 'Never used',
  'tools.none_ask': 'No tool asks first',
  'tools.none_unused': 'Every tool was used',
  'tools.saving': {
    one: '{count} tool that is on was never used, as far back as Activity goes. Switching it off saves {tokens} tokens per request.',
    other:
      '{count} tools that are on were never used, as far back as Activity goes. Switching them off saves {tokens} tokens per request.',
  },
  'tools.switch_off': { one: 'Switch off {count} tool', other: 'Switch off {count} tools' },
  'tools.switched_off': { one: '{count} tool was switched off.', other: '{count} tools were switched off.' },
  'tool.before': 'Before each call',
  'tool.before_of': 'Before each call of {tool}',
  'tool.ask': 'Ask first',
  'tool.never': 'Do not ask',
  'tool.as_configured_ask': 'As configured: ask first',
  'tool.as_configured_never': 'As configured: do not ask',
  'tool.as_configured': 'As configured',
  'tool.always': { one: '{count} call is always allowed.', other: '{count} calls are always allowed.' },
  'tool.ask_again': 'Ask again',
  'tool.last_used': 'Last used',
  'tool.used_by': '{when}, by {client}',
  'tool.never_used': 'Never, as far back as Activity goes',
} as const;
