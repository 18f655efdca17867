/**
 * Holds a desktop until it is killed; prints its environment as one JSON line.
 */
import { startDesktop } from './desktop.ts';

void startDesktop().then(({ env }) => process.stdout.write(`${JSON.stringify(env)}\n`));
