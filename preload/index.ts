/**
 * The bridge between our pages and the main process: two functions, names from the contract, nothing else. Runs in the
 * sandbox, in a world of its own; pages see `window.gatehouse` and no Electron object.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { type ApiTransport, commandNames, eventNames, type Result } from './contract.ts';

const unknownName: Result<never> = {
  ok: false,
  error: {
    code: 'bridge.unknown_name',
    message: 'There is no such command.',
    remedy: 'Restart Gatehouse, so that its window and its core are of the same version.',
  },
};

const transport: ApiTransport = {
  async invoke(name, args) {
    // The channel's far side is main/shell/ipc.ts, which checks the name and the sender again.
    return commandNames.includes(name) ? ipcRenderer.invoke('gatehouse:command', name, args) : unknownName;
  },
  on(name, listener) {
    if (!eventNames.includes(name)) {
      throw new Error('There is no such event.');
    }
    const heard = (_event: IpcRendererEvent, payload: unknown): void => listener(payload);
    ipcRenderer.on(`gatehouse:${name}`, heard);
    return () => void ipcRenderer.off(`gatehouse:${name}`, heard);
  },
};

contextBridge.exposeInMainWorld('gatehouse', transport);
