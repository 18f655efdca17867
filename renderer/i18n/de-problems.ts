/** Everything that can go wrong and reach a screen, in German. */
import { containers } from './de-problems-containers.ts';
import { data } from './de-problems-data.ts';
import { here } from './de-problems-here.ts';
import { servers } from './de-problems-servers.ts';
import type { Problems } from './problems.ts';

export const problems: Problems = { ...servers, ...here, ...containers, ...data };
