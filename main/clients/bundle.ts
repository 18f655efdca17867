/**
 * The bundle by which a client installs us as an extension, outside of its settings file: a zip with a manifest that names
 * the command of this installation (MCPB manifest 0.3). It holds no key and no program. Pure.
 */
import { OUR_NAME } from './entries.ts';
import { zipOf } from './zip.ts';

/** What a bundle is about. */
export interface BundleFacts {
  readonly command: string;
  readonly args: readonly string[];
  readonly appVersion: string;
  readonly platform: NodeJS.Platform;
}

/** The name of its file. */
export const BUNDLE_FILE = `${OUR_NAME}.mcpb`;

/** The bytes of the file. */
export function bundleOf(facts: BundleFacts): Buffer {
  const script = launcherScript(facts);
  const manifest = JSON.stringify(manifestOf(facts, script.name), null, 2);
  return zipOf([
    { name: 'manifest.json', bytes: Buffer.from(`${manifest}\n`, 'utf8'), mode: 0o644 },
    { name: script.name, bytes: Buffer.from(script.text, 'utf8'), mode: 0o755 },
  ]);
}

function manifestOf({ command, args, appVersion, platform }: BundleFacts, entryPoint: string): object {
  return {
    manifest_version: '0.3',
    name: OUR_NAME,
    display_name: 'Gatehouse',
    version: semantic(appVersion),
    description: 'Every MCP server behind one local door',
    author: { name: 'Gatehouse' },
    server: {
      type: 'binary',
      entry_point: entryPoint,
      // Not the script: a path with blanks in it needs no quoting here.
      mcp_config: { command, args },
    },
    tools_generated: true,
    compatibility: { platforms: [platform] },
  };
}

/** The same as a program in the bundle, which the format asks for. */
function launcherScript({ command, args, platform }: BundleFacts): { name: string; text: string } {
  const words = [command, ...args];
  if (platform === 'win32') {
    const line = words.map((word) => `"${word.replaceAll('%', '%%').replaceAll('"', '""')}"`).join(' ');
    return { name: 'server/gatehouse.cmd', text: `@${line}\r\n` };
  }
  const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return { name: 'server/gatehouse', text: `#!/bin/sh\nexec ${line}\n` };
}

/** Clients refuse what is no version of three numbers. */
function semantic(version: string): string {
  return /^\d+\.\d+\.\d+/.test(version) ? version : '0.0.0';
}
