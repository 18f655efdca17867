/**
 * How a program gets its arguments and environment without the engine knowing them: the container starts with a small
 * launcher, the same for every server, that reads one frame from its standard input and becomes the program. So neither
 * `docker inspect` nor labels nor the engine's log ever hold a secret; nothing is written to a disk. Pure.
 */
import { GatehouseError } from '../protocol/error.ts';

/** What is to run inside. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A program that the image must have for its launcher to run. */
export type LauncherKind = 'sh' | 'node' | 'python3';

/** One way to launch: the container's command, and the frame that it reads first. */
export interface Launcher {
  readonly kind: LauncherKind;
  readonly entrypoint: readonly string[];
  frame(launch: Launch): Buffer;
}

/**
 * Shells read a pipe byte by byte, so nothing of what follows the frame is taken. The frame is lines of shell code in
 * which every value is quoted, and their number before them.
 */
const SH = `IFS= read -r n||exit 125
s=
while [ "$n" -gt 0 ];do IFS= read -r l||exit 125
s="$s$l
"
n=$((n-1));done
unset l n
eval "unset s;$s"`;

/** The frame is one line of JSON. Its length is told first, so that not a byte too many is read. */
const NODE = `const{readSync:r}=require('fs'),g=n=>{const b=Buffer.alloc(n);let a=0;while(a<n){let k;try{k=r(0,b,a,n-a)}catch(e){if(e.code!=='EAGAIN')throw e;continue}if(!k)process.exit(125);a+=k}return b}
const f=JSON.parse(g(Number(g(12))))
const c=require('child_process').spawn(f.command,f.args,{stdio:'inherit',env:{...process.env,...f.env}})
for(const s of['SIGTERM','SIGINT','SIGHUP'])process.on(s,()=>c.kill(s))
c.on('error',e=>{process.stderr.write(f.command+': '+e.code+'\\n');process.exit(127)})
c.on('exit',(k,s)=>{if(s)process.exit(128+require('os').constants.signals[s]);process.exit(k)})`;

const PYTHON = `import os,sys,json
def g(n):
 b=b''
 while len(b)<n:
  k=os.read(0,n-len(b))
  if not k:os._exit(125)
  b+=k
 return b
f=json.loads(g(int(g(12))))
os.environ.update(f['env'])
try:os.execvp(f['command'],[f['command']]+f['args'])
except OSError as e:
 sys.stderr.write('%s: %s\\n'%(f['command'],e.strerror));os._exit(127)`;

/** The launchers, in the order in which they are tried. */
export const launchers: readonly Launcher[] = [
  { kind: 'sh', entrypoint: ['/bin/sh', '-c', SH], frame: shellFrame },
  { kind: 'node', entrypoint: ['node', '-e', NODE], frame: jsonFrame },
  { kind: 'python3', entrypoint: ['python3', '-c', PYTHON], frame: jsonFrame },
];

function shellFrame({ command, args, env }: Launch): Buffer {
  const odd = Object.keys(env).find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (odd !== undefined) throw badVariable(odd);
  const code = [
    ...Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `exec ${[command, ...args].map(quoted).join(' ')}`,
  ].join('\n');
  return Buffer.from(`${code.split('\n').length}\n${code}\n`);
}

/** Shells hold no such names, and any other way would show the value on a command line. */
function badVariable(name: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.bad_variable',
    message: 'A contained server cannot be given a variable named "{name}".',
    remedy: 'Names in "env" are of letters, digits and "_", and do not begin with a digit.',
    values: { name: name.slice(0, 80) },
  });
}

/** `'` ends the quoted part, stands by itself, and begins it anew. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function jsonFrame(launch: Launch): Buffer {
  const body = Buffer.from(JSON.stringify(launch));
  return Buffer.concat([Buffer.from(String(body.length).padStart(12, '0')), body]);
}
