/** Everything that can go wrong and reach a screen, in Japanese. */
import { containers } from './ja-problems-containers.ts';
import { data } from './ja-problems-data.ts';
import { here } from './ja-problems-here.ts';
import { servers } from './ja-problems-servers.ts';
import type { Problems } from './problems.ts';

export const problems: Problems = { ...servers, ...here, ...containers, ...data };
