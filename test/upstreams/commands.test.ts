/** Finding programs, and telling Windows to start them. */
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCommand, joinedPath, windowsNames } from '../../main/upstreams/commands.ts';
import { windowsCommand } from '../../main/upstreams/windows-command.ts';

describe('findCommand', () => {
  it('looks where the process would: its own PATH, its own directory', () => {
    const node = process.execPath;
    const dir = join(node, '..');
    expect(findCommand({ command: 'node', env: { PATH: `/no/such${delimiter}${dir}` }, cwd: null })).toBe(
      node,
    );
    expect(findCommand({ command: 'node', env: {}, cwd: dir })).toBeNull();
    expect(findCommand({ command: './node', env: {}, cwd: dir })).toBe(node);
    expect(findCommand({ command: node, env: {}, cwd: '/' })).toBe(node);
    // A directory, and a file that may not be executed, are no programs.
    expect(findCommand({ command: dir, env: {}, cwd: null })).toBeNull();
    expect(findCommand({ command: import.meta.filename, env: {}, cwd: null })).toBeNull();
  });

  it('joins two PATHs without doubles and without relative directories', () => {
    expect(joinedPath(['/a', '/b'].join(delimiter), ['/b', '.', '', '/c'].join(delimiter))).toBe(
      ['/a', '/b', '/c'].join(delimiter),
    );
  });
});

describe('on Windows', () => {
  it('a command has the endings of PATHEXT, unless it has one of them already', () => {
    expect(windowsNames('npx', { PathExt: '.EXE;.CMD' })).toEqual(['npx.exe', 'npx.cmd']);
    expect(windowsNames('npx.CMD', { PATHEXT: '.EXE;.CMD' })).toEqual(['npx.CMD']);
    expect(windowsNames('server.v2', {})).toEqual([
      'server.v2.com',
      'server.v2.exe',
      'server.v2.bat',
      'server.v2.cmd',
    ]);
  });

  it('a program is started as it is', () => {
    expect(windowsCommand('C:\\node\\node.exe', ['a b', '%PATH%', '"'], {})).toEqual({
      file: 'C:\\node\\node.exe',
      args: ['a b', '%PATH%', '"'],
      verbatim: false,
    });
  });

  it("a batch file is started by the system's own cmd.exe, whatever lies in the working directory", () => {
    const command = windowsCommand('C:\\Program Files\\nodejs\\npx.cmd', ['-y', 'x'], {
      SystemRoot: 'D:\\Win',
    });
    expect(command).toEqual({
      file: 'D:\\Win\\System32\\cmd.exe',
      args: ['/e:on', '/v:off', '/d', '/s', '/c', '""C:\\Program Files\\nodejs\\npx.cmd" "-y" "x""'],
      verbatim: true,
    });
  });

  it.each([
    ['&calc.exe', '"&calc.exe"'],
    ['"&calc.exe', '"""&calc.exe"'],
    ['a"b', '"a""b"'],
    ['\\"', '"\\\\"""'],
    ['C:\\dir\\', '"C:\\dir\\\\"'],
    ['%CMDCMDLINE:~-1%&calc.exe', '"%%cd:~,%CMDCMDLINE:~-1%%cd:~,%&calc.exe"'],
    ['^|<>()!', '"^|<>()!"'],
    ['', '""'],
  ])('bat-bad-but: the argument %s stays one argument', (argument, written) => {
    const line = windowsCommand('C:\\x.bat', [argument], {})?.args.at(-1);
    expect(line).toBe(`""C:\\x.bat" ${written}"`);
  });

  it.each(['a\nb', 'a\rb', 'a\0b'])('an argument that ends the line is refused: %j', (argument) => {
    expect(windowsCommand('C:\\x.cmd', [argument], {})).toBeNull();
    expect(windowsCommand('C:\\x.exe', [argument], {})).not.toBeNull();
  });
});
