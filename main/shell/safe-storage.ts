/**
 * Electron's safeStorage as the port that the secrets room knows.
 */
import type { SafeStorage } from 'electron';

/** Encrypts with a key that the system keeps. */
export interface SafeStorageAdapter {
  isAvailable(): boolean;
  encrypt(text: string): Buffer;
  decrypt(data: Buffer): string;
}

/**
 * Wraps `safeStorage`; call after `ready`. On Linux it counts as available only when a real keyring holds the key:
 * Chromium otherwise encrypts with a password that is the same on every computer.
 */
export function safeStoragePort(safeStorage: SafeStorage, platform: NodeJS.Platform): SafeStorageAdapter {
  return {
    isAvailable() {
      if (platform === 'linux') {
        // Older Electron cannot say which backend it chose; then we cannot know that it is a real one.
        const backend = safeStorage.getSelectedStorageBackend?.() ?? 'unknown';
        if (backend === 'basic_text' || backend === 'unknown') {
          return false;
        }
      }
      return safeStorage.isEncryptionAvailable();
    },
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (data) => safeStorage.decryptString(data),
  };
}
