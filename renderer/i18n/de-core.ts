/** The core's sentences in German; loaded with the language. */
import type { CoreCatalog } from './core-speech.ts';
import { coreTexts } from './de-core-texts.ts';
import { problems } from './de-problems.ts';

export const core: Omit<CoreCatalog, 'detailed'> = { texts: coreTexts, problems };
