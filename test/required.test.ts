import { expect, it } from 'vitest';
import { parseConfig } from '../main/config/read.ts';
import { GatehouseError } from '../main/protocol/error.ts';
import { watchRequired } from '../main/required.ts';

const config = parseConfig(
  '{"mcpServers":{"needed":{"command":"x","required":true},"other":{"command":"y"}}}',
  '/c.json',
);
const problem = new GatehouseError({ code: 'upstream.exited', message: 'It ended.', remedy: 'See its log.' });

function watched(): { lost: GatehouseError[]; tell: ReturnType<typeof watchRequired> } {
  const lost: GatehouseError[] = [];
  return {
    lost,
    tell: watchRequired(
      () => config,
      (error) => lost.push(error),
    ),
  };
}

it('tells of a required server that fails at the start, once', () => {
  const { lost, tell } = watched();
  tell('needed', { settled: false, problem: null });
  tell('other', { settled: true, problem });
  expect(lost).toEqual([]);
  tell('needed', { settled: true, problem });
  tell('needed', { settled: true, problem });
  expect(lost.map(({ code }) => code)).toEqual(['app.required_server']);
  expect(lost[0]?.message).toContain('"needed"');
});

it('is silent about one that was reached first and failed later', () => {
  const { lost, tell } = watched();
  tell('needed', { settled: true, problem: null });
  tell('needed', { settled: true, problem });
  expect(lost).toEqual([]);
});
