/** A wish for feedback that is granted only when it lasts: what ends within 150 ms never flickers. */

/** How long something may take before the screen says that it takes time, in milliseconds. */
export const feedbackAfter = 150;

/**
 * Follows `wanted`, late when it turns true and at once when it turns false. Call while a component is being made; it
 * stops with it.
 */
export function late(wanted: () => boolean, after: number = feedbackAfter): { readonly current: boolean } {
  let lasts = $state(false);
  $effect(() => {
    if (!wanted()) {
      lasts = false;
      return;
    }
    const timer = setTimeout(() => {
      lasts = true;
    }, after);
    return () => clearTimeout(timer);
  });
  return {
    get current() {
      return lasts && wanted();
    },
  };
}
