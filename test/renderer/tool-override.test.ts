import { describe, expect, it } from 'vitest';
import type { OverrideView, ToolRulesView } from '../../preload/views/trust.ts';
import { isToolName, overrideOf } from '../../renderer/state/tool-override.ts';

const named = (tool: string, name: string): OverrideView => ({ tool, name, title: null, description: null });
const rules: ToolRulesView = {
  trust: 'manual',
  fileFilter: { allow: null, block: [] },
  filter: null,
  fileOverrides: [named('a', 'of_the_file'), named('b', 'of_the_file_too')],
  overrides: [named('a', 'set_here')],
};

describe('what clients see of a tool', () => {
  it('is what was set here, else what the file says, else nothing of ours', () => {
    expect(overrideOf(rules, 'a').name).toBe('set_here');
    expect(overrideOf(rules, 'b').name).toBe('of_the_file_too');
    expect(overrideOf(rules, 'c')).toEqual({ tool: 'c', name: null, title: null, description: null });
  });

  it.each([
    ['read_file.v2-x', true],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
    ['', false],
    ['two words', false],
    ['größe', false],
  ])('can be called %s: %s', (name, can) => {
    expect(isToolName(name)).toBe(can);
  });
});
