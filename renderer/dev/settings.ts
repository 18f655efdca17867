/** Settings of a made-up gateway, which can be changed. Not part of the product. */
import type { SecretView } from '../../preload/views/secrets.ts';
import type { LoginStartView, SettingChange, SettingsView } from '../../preload/views/settings.ts';

export const loginStart: LoginStartView = { on: false, unavailable: null };

export const secrets: readonly SecretView[] = [
  { name: 'GITHUB_TOKEN', servers: ['github'], endpoint: false },
  { name: 'POSTGRES_URL', servers: ['postgres'], endpoint: false },
  { name: 'old-key', servers: [], endpoint: false },
];

/** What is in force at first. */
export const settings: SettingsView = {
  locked: null,
  endpoint: {
    ...{ host: '127.0.0.1', port: 4180, reach: 'computer', addressFixed: false },
    ...{ tokenRequired: true, tokenFixed: false },
    networks: [
      { name: 'wlan0', address: '192.168.1.23', range: '192.168.1.0/24', kind: 'private' },
      { name: 'eth0', address: '203.0.113.7', range: '203.0.113.0/24', kind: 'public' },
    ],
  },
  isolation: {
    ...{ mode: 'container', network: 'allowlist', memoryMegabytes: 512, cpus: 1 },
    ...{ fallback: 'none', cache: true },
  },
  activity: { enabled: true, arguments: true, results: true, days: 30, megabytes: 256 },
  logFolder: '/home/ada/.local/share/gatehouse/logs',
};

/** The same with one of them changed. */
export function changed(before: SettingsView, { key, to }: SettingChange): SettingsView {
  const [group = '', name = ''] = key.split('.');
  const names: Readonly<Record<string, string>> = {
    ...{ required: 'tokenRequired', memory: 'memoryMegabytes', cpu: 'cpus' },
  };
  const own = group === 'listen' || group === 'auth' ? 'endpoint' : (group as 'isolation' | 'activity');
  return { ...before, [own]: { ...before[own], [names[name] ?? name]: to } };
}
