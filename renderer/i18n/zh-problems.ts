/** Everything that can go wrong and reach a screen, in Simplified Chinese. */

import type { Problems } from './problems.ts';
import { containers } from './zh-problems-containers.ts';
import { data } from './zh-problems-data.ts';
import { here } from './zh-problems-here.ts';
import { servers } from './zh-problems-servers.ts';

export const problems: Problems = { ...servers, ...here, ...containers, ...data };
