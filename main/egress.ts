/**
 * The entry of the egress proxy, a program of its own: it runs inside a container, started with this file's text. It ends
 * with its input.
 */
import { serveEgress } from './isolation/egress/serve.ts';

void serveEgress(process.stdin, process.stdout, process.stderr).then(() => process.exit(0));
