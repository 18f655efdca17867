/** German, of one tool and of the choices over a server's tools. See `de.ts`. */
import type { tools as source } from './en-tools.ts';
import type { Translation } from './message.ts';

export const tools: Translation<typeof source, 'one' | 'other'> = {
  'tools.ask_first': 'Vorher fragen',
  'tools.never_used': 'Nie benutzt',
  'tools.none_ask': 'Kein Tool fragt vorher',
  'tools.none_unused': 'Jedes Tool wurde benutzt',
  'tools.saving': {
    one: '{count} eingeschaltetes Tool wurde nie benutzt, soweit die Aktivität zurückreicht. Wird es ausgeschaltet, spart das {tokens} Tokens je Anfrage.',
    other:
      '{count} eingeschaltete Tools wurden nie benutzt, soweit die Aktivität zurückreicht. Werden sie ausgeschaltet, spart das {tokens} Tokens je Anfrage.',
  },
  'tools.switch_off': { one: '{count} Tool ausschalten', other: '{count} Tools ausschalten' },
  'tools.switched_off': {
    one: '{count} Tool wurde ausgeschaltet.',
    other: '{count} Tools wurden ausgeschaltet.',
  },
  'tool.before': 'Vor jedem Aufruf',
  'tool.before_of': 'Vor jedem Aufruf von {tool}',
  'tool.ask': 'Vorher fragen',
  'tool.never': 'Nicht fragen',
  'tool.as_configured_ask': 'Wie eingestellt: vorher fragen',
  'tool.as_configured_never': 'Wie eingestellt: nicht fragen',
  'tool.as_configured': 'Wie eingestellt',
  'tool.always': {
    one: '{count} Aufruf ist immer erlaubt.',
    other: '{count} Aufrufe sind immer erlaubt.',
  },
  'tool.ask_again': 'Wieder fragen',
  'tool.last_used': 'Zuletzt benutzt',
  'tool.used_by': '{when}, von {client}',
  'tool.never_used': 'Nie, soweit die Aktivität zurückreicht',
};
