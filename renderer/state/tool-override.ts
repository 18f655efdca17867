/** What clients see of a tool in place of its server's words. Pure. */
import type { OverrideView, ToolRulesView } from '../../preload/views/trust.ts';

/** What counts for a tool now: what was set here, else what the file says, else nothing. */
export function overrideOf({ overrides, fileOverrides }: ToolRulesView, tool: string): OverrideView {
  const found = [...overrides, ...fileOverrides].find((one) => one.tool === tool);
  return found ?? { tool, name: null, title: null, description: null };
}

/** Whether clients take it as the name of a tool. */
export function isToolName(text: string): boolean {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(text);
}
