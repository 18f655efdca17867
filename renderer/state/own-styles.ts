/**
 * Lets a library that writes style sheets and style attributes into the page go on doing so. Our pages allow no inline
 * style; the same rules are allowed when a program sets them through the object model, so that is what becomes of them. It
 * reaches what is made by `createElement` and stays for as long as the page; a sheet goes with the element that it was for.
 */

/** From now on, for everything that is made in this page. Idempotent. */
export function styleThroughObjects(page: Document): void {
  if (Object.hasOwn(page, 'createElement')) return;
  const make = page.createElement.bind(page);
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    if (name.toLowerCase() === 'style') return standIn(page, make('span'));
    const element = make(name, options);
    element.setAttribute = (attribute, value) => {
      if (attribute === 'style') element.style.cssText = value;
      else Element.prototype.setAttribute.call(element, attribute, value);
    };
    return element;
  };
  Object.defineProperty(page, 'createElement', { value: createElement });
}

/** Stands where the style element would; what is written into it becomes a sheet of the page. */
function standIn(page: Document, element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, sheet];
  element.hidden = true;
  Object.defineProperty(element, 'textContent', {
    get: () => '',
    set: (text: string) => sheet.replaceSync(text),
  });
  element.remove = () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((one) => one !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
