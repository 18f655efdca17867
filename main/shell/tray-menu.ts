/**
 * From the tray's model to Electron's menu template. Pure: the one who clicks is a callback.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuItemModel, TrayAction } from './tray-model.ts';

/** The template for `Menu.buildFromTemplate`. */
export function menuTemplate(
  items: readonly MenuItemModel[],
  run: (action: TrayAction) => void,
): MenuItemConstructorOptions[] {
  return items.map((item) => itemTemplate(item, run));
}

function itemTemplate(item: MenuItemModel, run: (action: TrayAction) => void): MenuItemConstructorOptions {
  if (item.type === 'separator') {
    return { type: 'separator' };
  }
  const base = { id: item.id, label: plain(item.label) };
  switch (item.type) {
    case 'note':
      return { ...base, enabled: false };
    case 'action':
      return { ...base, click: () => run(item.action) };
    case 'switch':
      return { ...base, type: 'checkbox', checked: item.on, click: () => run(item.action) };
    case 'submenu':
      return { ...base, submenu: menuTemplate(item.items, run) };
  }
}

/** Menus read `&` as "the next letter is the key"; a name keeps its own, and stays one line. */
function plain(label: string): string {
  return label.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll('&', '&&');
}
