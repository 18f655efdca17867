/**
 * The environment that servers may see: what programs need to run at all, and never Gatehouse's own secrets.
 */

const SAFE_NAMES = new Set([
  'ALL_PROXY',
  'APPDATA',
  'COMSPEC',
  'DISPLAY',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_HOST',
  'HOME',
  'HOMEDRIVE',
  'HOMEPATH',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'LANG',
  'LOCALAPPDATA',
  'LOGNAME',
  'NODE_EXTRA_CA_CERTS',
  'NO_PROXY',
  'NUMBER_OF_PROCESSORS',
  'PATH',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'SHELL',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TERM',
  'TMP',
  'TMPDIR',
  'TZ',
  'USER',
  'USERNAME',
  'USERPROFILE',
  'WAYLAND_DISPLAY',
  'WINDIR',
  'XAUTHORITY',
]);

/** The safe part of `env`: a fixed list of names, `LC_*` and `XDG_*`; functions exported by shells are left out. */
export function safeEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value.startsWith('()')) continue;
    const upper = name.toUpperCase();
    if (SAFE_NAMES.has(upper) || upper.startsWith('LC_') || upper.startsWith('XDG_')) safe[name] = value;
  }
  return safe;
}
