/** Words of the terminal of a server page. */
export const terminal = {
  'terminal.tab': 'Terminal',
  'terminal.loading': 'Looking where a terminal can be opened',
  'terminal.in_container': 'In its container',
  'terminal.in_container_help':
    'A shell in the container of {name}, made from {image}, as it runs now: the same files, the same network, the same limits.',
  'terminal.not_running': 'Its container does not run. Switch the server on first.',
  'terminal.open': 'Open terminal',
  'terminal.on_computer': 'On this computer, without a container',
  'terminal.on_computer_help':
    'A shell as {user}, in {folder}. It can do everything that this user can do: read every file, run every program.',
  'terminal.open_here': 'Open terminal on this computer',
  'terminal.host_off': 'Terminals on this computer are switched off',
  'terminal.host_off_help':
    'This server does not run in a container, so its terminal would have all your rights. To allow that, write this into the configuration file:',
  'terminal.recorded':
    'Activity records who opened a terminal and for how long, never what is typed or shown.',
  'terminal.in': 'In the container, {image}',
  'terminal.here': 'On this computer as {user}, not contained',
  'terminal.keys': 'F6 leaves the terminal. Ctrl+Shift+C copies what is selected, Ctrl+Shift+V pastes.',
  'terminal.aloud': 'For screen readers',
  'terminal.opening': 'Opening',
  'terminal.close': 'Close terminal',
  'terminal.again': 'Open again',
  'terminal.label': 'Terminal of {name}',
  'terminal.input': 'Terminal. F6 leaves it.',
  'terminal.too_much': 'Too much was written to be read out.',
  'terminal.exited': 'The shell has ended with code {code}.',
  'terminal.closed': 'The terminal was closed.',
  'terminal.left': 'The terminal has ended, since this page lost it.',
  'terminal.idle': 'The terminal was closed, since nobody typed for half an hour.',
  'terminal.forbidden': 'The terminal was closed, since the configuration forbids it now.',
} as const;
