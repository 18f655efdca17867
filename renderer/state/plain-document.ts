/**
 * The document, as a library sees it that would write style sheets and style attributes into the page. Our pages allow no
 * inline style; the same rules are allowed when a program sets them through the object model, so that is what happens here.
 * Holds the sheets of what it made; `close()` takes them back.
 */

/** See above. */
export interface PlainDocument {
  readonly document: Document;
  close(): void;
}

export function plainDocument(real: Document): PlainDocument {
  const sheets = new Set<CSSStyleSheet>();
  const drop = (sheet: CSSStyleSheet): void => {
    sheets.delete(sheet);
    real.adoptedStyleSheets = real.adoptedStyleSheets.filter((one) => one !== sheet);
  };
  /** Stands where the style element would; what is written into it becomes a sheet of the page. */
  const standIn = (): HTMLElement => {
    const element = real.createElement('span');
    const sheet = new CSSStyleSheet();
    sheets.add(sheet);
    real.adoptedStyleSheets = [...real.adoptedStyleSheets, sheet];
    element.hidden = true;
    Object.defineProperty(element, 'textContent', {
      get: () => '',
      set: (text: string) => sheet.replaceSync(text),
    });
    element.remove = () => {
      drop(sheet);
      Element.prototype.remove.call(element);
    };
    return element;
  };
  const createElement = (name: string): HTMLElement => {
    if (name === 'style') return standIn();
    const element = real.createElement(name);
    element.setAttribute = (attribute, value) => {
      if (attribute === 'style') element.style.cssText = value;
      else Element.prototype.setAttribute.call(element, attribute, value);
    };
    return element;
  };
  const document = new Proxy(real, {
    get(target, key) {
      if (key === 'createElement') return createElement;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    document,
    close() {
      for (const sheet of [...sheets]) drop(sheet);
    },
  };
}
