/**
 * Looks for text that a person cannot read whole: cut by what it stands in, outside the window, or beyond the edge of
 * its button. What scrolls is not cut, nor is a line that may be shortened (`.cut`, with names in it) or says itself in a
 * tooltip (`data-tip-cut`).
 */
import type { Page } from 'playwright-core';

/** A text that is cut, with what cuts it. */
export interface CutText {
  readonly text: string;
  readonly by: string;
}

/** What the page shows. */
export interface Seen {
  /** Every text, cut or not. */
  readonly texts: readonly string[];
  readonly cut: readonly CutText[];
  /** How far the page is wider than the window, in pixels. */
  readonly tooWide: number;
}

/** A language and a direction, as the page is asked for them. */
export type Tongue = readonly [language: string, direction: 'ltr' | 'rtl'];

/** Reads the page in each of these languages, one after the other; it changes them while it is open. Null: as it is. */
export function look(page: Page, tongues: readonly (Tongue | null)[]): Promise<Seen[]> {
  return page.evaluate(async (wanted) => {
    const slack = 1.5;
    const clips = (value: string): boolean => value === 'hidden' || value === 'clip';
    const scrolls = (value: string): boolean => value === 'auto' || value === 'scroll';
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${[...element.classList].filter((name) => !name.startsWith('s-')).join('.')}`;
    /** Only for those who hear the page. */
    const unseen = (element: Element, style: CSSStyleDeclaration): boolean =>
      !element.checkVisibility() ||
      style.visibility === 'hidden' ||
      style.opacity === '0' ||
      style.clipPath.startsWith('inset(50%') ||
      (element.clientWidth <= 1 && clips(style.overflowX) && style.display !== 'inline');

    interface Facts {
      readonly box: DOMRect;
      readonly unseen: boolean;
      readonly cutsWide: boolean;
      readonly cutsHigh: boolean;
      readonly scrollsWide: boolean;
      readonly scrollsHigh: boolean;
      readonly fixed: boolean;
    }
    const known = new Map<Element, Facts>();
    const factsOf = (element: Element): Facts => {
      const old = known.get(element);
      if (old !== undefined) return old;
      const style = getComputedStyle(element);
      const control = element.matches('button, a[class], [role="tab"], [role="radio"]');
      const facts: Facts = {
        box: element.getBoundingClientRect(),
        unseen: unseen(element, style),
        cutsWide: clips(style.overflowX) || control,
        cutsHigh: (clips(style.overflowY) || control) && style.display !== 'inline',
        scrollsWide: scrolls(style.overflowX),
        scrollsHigh: scrolls(style.overflowY),
        fixed: style.position === 'fixed',
      };
      known.set(element, facts);
      return facts;
    };
    const cutBy = (node: Text): string | null => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const rects = [...range.getClientRects()].filter((rect) => rect.width > 0 && rect.height > 0);
      if (rects.length === 0) return null;
      let sideways = true;
      let upright = true;
      let found: string | null = null;
      for (let at = node.parentElement; at !== null; at = at.parentElement) {
        const facts = factsOf(at);
        if (facts.unseen || at.matches('.cut, [data-tip-cut]')) return null;
        const { box } = facts;
        const wide = rects.some((rect) => rect.left < box.left - slack || rect.right > box.right + slack);
        const high = rects.some((rect) => rect.top < box.top - slack || rect.bottom > box.bottom + slack);
        if ((sideways && wide && facts.cutsWide) || (upright && high && facts.cutsHigh)) found ??= nameOf(at);
        if (facts.scrollsWide) sideways = false;
        if (facts.scrollsHigh) upright = false;
        if (facts.fixed) break;
      }
      const out = rects.some((rect) => rect.left < -slack || rect.right > innerWidth + slack);
      return found ?? (sideways && out ? 'the window' : null);
    };

    const seen = (): { texts: string[]; cut: { text: string; by: string }[]; tooWide: number } => {
      known.clear();
      const texts: string[] = [];
      const cut: { text: string; by: string }[] = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const text = node.textContent?.trim() ?? '';
        if (/\p{L}/u.test(text)) {
          texts.push(text);
          const by = cutBy(node as Text);
          if (by !== null) cut.push({ text, by });
        }
      }
      const scroller = document.scrollingElement ?? document.body;
      const wideParts = [...document.querySelectorAll('main, main .body, nav')].map(
        (part) => part.scrollWidth - part.clientWidth,
      );
      return { texts, cut, tooWide: Math.max(scroller.scrollWidth - innerWidth, ...wideParts) };
    };

    const page = document.documentElement;
    const core = window.gatehouse as unknown as { emit(name: string, payload: unknown): void };
    const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));
    const all = [];
    for (const tongue of wanted) {
      if (tongue !== null) {
        const [language, direction] = tongue;
        page.dir = direction;
        core.emit('language', language);
        const from = performance.now();
        while (page.lang !== language) {
          if (performance.now() - from > 10_000)
            throw new Error(`the page speaks ${page.lang}, not ${language}`);
          await frame();
        }
      }
      await frame();
      await frame();
      all.push(seen());
    }
    return all;
  }, tongues);
}
