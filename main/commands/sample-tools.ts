/**
 * The server that comes with Gatehouse, to try it with: a few harmless tools of every kind, over stdio, in both eras of the
 * protocol. It reaches no network, reads no file, and forgets its notes when it ends. Stops with its input.
 */
import { randomInt } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

/** More would be no note. */
const LONGEST_NOTE = 1_000;
const MOST_NOTES = 100;

/** Serves until `input` ends. */
export async function serveSample(input: Readable, output: Writable): Promise<void> {
  const ended = new Promise<void>((done) => {
    input
      .once('end', done)
      .once('close', done)
      .once('error', () => done());
    output.once('error', () => done());
  });
  const notes: string[] = [];
  const handle = serveStdio(() => sampleServer(notes), {
    transport: new StdioServerTransport(input, output),
  });
  await ended;
  await handle.close();
}

function sampleServer(notes: string[]): McpServer {
  const server = new McpServer(
    { name: 'gatehouse-sample', title: 'Gatehouse sample', version: __GATEHOUSE_VERSION__ },
    { instructions: 'Harmless tools to try Gatehouse with.' },
  );
  const says = (text: string) => ({ content: [{ type: 'text' as const, text }] });
  server.registerTool(
    'say_hello',
    {
      title: 'Say hello',
      description: 'Greets somebody by name.',
      inputSchema: z.object({
        name: z.string().min(1).max(100).describe('Who is greeted'),
        language: z.enum(['English', 'German', 'Japanese']).default('English').describe('In which language'),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ name, language }) =>
      says(
        { English: `Hello, ${name}.`, German: `Guten Tag, ${name}.`, Japanese: `こんにちは、${name}さん。` }[
          language
        ],
      ),
  );
  server.registerTool(
    'tell_time',
    {
      title: 'Tell the time',
      description: 'The time of this computer, or of another time zone.',
      inputSchema: z.object({
        zone: z
          .string()
          .max(60)
          .optional()
          .describe('Such as Europe/Berlin; without it, the zone of this computer'),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ zone }) => {
      try {
        const format = new Intl.DateTimeFormat('en-GB', {
          dateStyle: 'full',
          timeStyle: 'long',
          timeZone: zone,
        });
        return says(format.format(new Date()));
      } catch {
        return { ...says(`There is no time zone "${zone}".`), isError: true };
      }
    },
  );
  server.registerTool(
    'roll_dice',
    {
      title: 'Roll dice',
      description: 'Rolls dice and gives each of them and their sum.',
      inputSchema: z.object({
        count: z.int().min(1).max(20).default(2).describe('How many dice'),
        sides: z.int().min(2).max(100).default(6).describe('Sides of each'),
      }),
      outputSchema: z.object({ rolls: z.array(z.number()), sum: z.number() }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ count, sides }) => {
      const rolls = Array.from({ length: count }, () => randomInt(1, sides + 1));
      const structuredContent = { rolls, sum: rolls.reduce((sum, one) => sum + one, 0) };
      return { ...says(JSON.stringify(structuredContent)), structuredContent };
    },
  );
  server.registerTool(
    'keep_note',
    {
      title: 'Keep a note',
      description: 'Keeps a short note until this server ends.',
      inputSchema: z.object({ text: z.string().min(1).max(LONGEST_NOTE).describe('The note') }),
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    },
    ({ text }) => {
      if (notes.length >= MOST_NOTES) return { ...says('There are too many notes.'), isError: true };
      notes.push(text);
      return says(`Kept. Notes now: ${notes.length}.`);
    },
  );
  server.registerTool(
    'drop_notes',
    {
      title: 'Drop all notes',
      description: 'Forgets every note that was kept.',
      inputSchema: z.object({}),
      annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
    },
    () => says(`Forgotten: ${notes.splice(0).length}.`),
  );
  return server;
}
