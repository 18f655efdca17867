/** The core's sentences in Japanese; loaded with the language. */
import type { CoreCatalog } from './core-speech.ts';
import { coreTexts } from './ja-core-texts.ts';
import { problems } from './ja-problems.ts';

export const core: Omit<CoreCatalog, 'detailed'> = { texts: coreTexts, problems };
