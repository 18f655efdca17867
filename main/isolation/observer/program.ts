/**
 * The observer: what runs in a container before the server's program, and is asked by the kernel about calls that reach
 * for more than the container has. In Perl, since that is in every image that is based on Debian, can make any system
 * call, and stays readable as what runs. A text, not code of this process: `observer.ts` hands it over.
 */

/** Reads the observer itself from its input, so that command lines stay short. Ends with 125 when there is nothing to read. */
export const STUB = `my($w,$p)=6;for(1,2){$p='';while(length$p<$w){sysread(STDIN,$p,$w-length$p,length$p)or exit 125}$w=$p if$_==1}eval$p;print STDERR$@;exit 125`;

/** The observer's text. Its input is told in `observer.ts`, as are the lines that it writes. */
export const PROGRAM = String.raw`# Notes what a contained program tries and may not do. It puts a seccomp filter on itself and so on all that it starts,
# starts the program, and is asked by the kernel about the calls that the filter names. Each goes on as it was, for the
# kernel to judge, but those that no program without rights may make at all: they end here with EPERM. The filter cannot
# be taken off; without this process such calls are never made, and its end is the end of the container.
# It must never make a call itself that its filter asks about (open, connect): it would wait for its own answer.
use strict;
use warnings;

# Calls by name, with their numbers on x86-64 and on arm64; -1: there is none.
my %own = (prctl => [157, 167], seccomp => [317, 277], readv => [310, 270], faccessat => [269, 48]);
my %asked = (
  open => [2, -1], openat => [257, 56], openat2 => [437, 437], creat => [85, -1], truncate => [76, 45],
  connect => [42, 203], sendto => [44, 206], ptrace => [101, 117], clone => [56, 220],
  mkdir => [83, -1], mkdirat => [258, 34], rmdir => [84, -1], unlink => [87, -1], unlinkat => [263, 35],
  rename => [82, -1], renameat => [264, 38], renameat2 => [316, 276], link => [86, -1], linkat => [265, 37],
  symlink => [88, -1], symlinkat => [266, 36], mknod => [133, -1], mknodat => [259, 33],
  chmod => [90, -1], fchmodat => [268, 53], fchmodat2 => [452, 452],
  chown => [92, -1], lchown => [94, -1], fchownat => [260, 54],
);
my %refused = (
  mount => [165, 40], umount2 => [166, 39], pivot_root => [155, 41], chroot => [161, 51], mount_setattr => [442, 442],
  open_tree => [428, 428], move_mount => [429, 429], fsopen => [430, 430], fsconfig => [431, 431], fsmount => [432, 432],
  fspick => [433, 433], setns => [308, 268], unshare => [272, 97], init_module => [175, 105], finit_module => [313, 273],
  delete_module => [176, 106], kexec_load => [246, 104], kexec_file_load => [320, 294], reboot => [169, 142],
  swapon => [167, 224], swapoff => [168, 225], bpf => [321, 280], perf_event_open => [298, 241],
  open_by_handle_at => [304, 265], keyctl => [250, 219], add_key => [248, 217], request_key => [249, 218],
  sethostname => [170, 161], setdomainname => [171, 162], acct => [163, 89], syslog => [103, 116],
  iopl => [172, -1], ioperm => [173, -1], settimeofday => [164, 170], clock_settime => [227, 112],
  quotactl => [179, 60], userfaultfd => [323, 282],
);
my ($IO_URING_SETUP, $FOREIGN) = (425, 0x40000000);
my ($NOTIFY, $ALLOW, $EPERM_ANSWER) = (0x7fc00000, 0x7fff0000, 0x00050001);
my ($RECEIVE, $ANSWER, $SET_FLAGS) = (0xc0502100, 0xc0182101, 0x40082104);
my ($EPERM, $ENOENT, $EACCES, $ENOTDIR, $EROFS, $ENOSYS) = (1, 2, 13, 20, 30, 38);
my ($READ, $WRITE, $HERE, $CLONE_NEW) = (4, 2, 0xffffff9c, 0x7e020000);
my $SYSTEM = qr/^(bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)$/;
my $ENGINES = qr{/(docker|containerd|podman|crio|buildkitd)\.sock$};

my $machine = do {
  open my $file, '<', '/proc/self/exe';
  sysread $file, my $head, 20;
  unpack 'v', substr $head // "\0" x 20, 18, 2;
};
my $which = $machine == 62 ? 0 : $machine == 183 ? 1 : -1;
my $architecture = $which == 0 ? 0xc000003e : 0xc00000b7;
my %nr = map { $_ => ($own{$_} // $asked{$_})->[$which] } keys %own, keys %asked;
my %call = map { $asked{$_}[$which] => $_ } keys %asked;
my %escape = map { $refused{$_}[$which] => $_ } keys %refused;
delete $_->{-1} for \%call, \%escape;

# What is told first: the key of its lines, how it may use the network, whom it may speak to, and places of the owner.
sub told {
  my ($size, $text) = (shift, '');
  while (length $text < $size) { sysread(STDIN, $text, $size - length $text, length $text) or exit 125 }
  return $text;
}
my ($key, $network, $peers, @owners) = split /\0/, told(told(6));
my %peer = map { $_ => 1 } split /,/, $peers;

# Its own addresses, the networks beside it, and the ways out of them, while files can still be opened.
my (@beside, %way);
if (open my $routes, '<', '/proc/net/route') {
  while (<$routes>) {
    my (undef, $to, $by, undef, undef, undef, undef, $mask) = split;
    next if $to !~ /^[0-9A-F]{8}$/;
    if (hex $by) { $way{join '.', unpack 'C4', pack 'V', hex $by} = 1 } else { push @beside, [hex $to, hex $mask] }
  }
}
if (open my $tree, '<', '/proc/net/fib_trie') {
  my $at = '';
  while (<$tree>) { $at = $1 if /\|-- (\S+)/; $way{$at} = 1 if m{/32 host LOCAL} }
}
open my $snmp, '<', '/proc/net/snmp';
open my $snmp6, '<', '/proc/net/snmp6';

sub op { pack 'SCCL', @_ }
sub filter {
  my $notify = op(0x06, 0, 0, $NOTIFY);
  # Another table of calls than this machine's own.
  my $code = op(0x20, 0, 0, 4) . op(0x15, 1, 0, $architecture) . $notify . op(0x20, 0, 0, 0);
  $code .= op(0x35, 0, 1, $FOREIGN) . $notify if $which == 0;
  # Only with one of these bits in that argument.
  my $with = sub {
    my ($name, $argument, $bits) = @_;
    $code .= op(0x15, 0, 4, $nr{$name}) . op(0x20, 0, 0, 16 + 8 * $argument) . op(0x45, 0, 1, $bits) . $notify
      . op(0x06, 0, 0, $ALLOW);
  };
  $with->('sendto', 4, 0xffffffff);
  $with->('clone', 0, $CLONE_NEW);
  my %plain = (%call, %escape);
  delete @plain{@nr{'sendto', 'clone'}};
  $code .= op(0x15, 0, 1, $_) . $notify for sort { $a <=> $b } keys %plain;
  # Its calls would not pass a filter.
  $code .= op(0x15, 0, 1, $IO_URING_SETUP) . op(0x06, 0, 0, $EPERM_ANSWER);
  return $code . op(0x06, 0, 0, $ALLOW);
}

pipe my $woken, my $wake or exit 125;
my $main = 0;
$SIG{CHLD} = sub { syswrite $wake, '.' };
$SIG{PIPE} = 'IGNORE';
for my $signal (qw(TERM INT HUP QUIT USR1 USR2)) { $SIG{$signal} = sub { kill $signal, $main if $main } }
my ($fd, $why) = (-1, 'this processor is not known');
if ($which >= 0) {
  # No new rights; adopts what is orphaned; is not to be looked into or traced.
  syscall $nr{prctl}, @$_, 0, 0, 0 for [38, 1], [36, 1], [4, 0];
  my $code = filter();
  my $filter = pack 'S x![P] P', length($code) / 8, $code;
  # A new listener (8), and calls that wait are interrupted by nothing but their end (32; older kernels lack that).
  for my $flags (8 | 32, 8) { $fd = syscall $nr{seccomp}, 1, $flags, $filter if $fd < 0 }
  $why = "$!";
}
my $listener;
if ($fd >= 0) { open $listener, '+<&=', $fd or exit 125 }
syswrite STDERR, $fd < 0 ? "\n$key 0 blind $why\n" : "\n$key 0 watching -\n";
$main = fork // exit 125;
if ($main == 0) {
  $SIG{$_} = 'DEFAULT' for keys %SIG;
  exec { $ARGV[0] } @ARGV or exit 127;
}
close STDIN;
close STDOUT;

# How often each was noted since it was last told, which were told, and how many of each kind.
my (%noted, %told, %kinds);
sub note {
  my ($kind, $what, $times) = @_;
  $what =~ s/[^\x20-\x7e\x80-\xff]/?/g;
  my $words = "$kind " . substr $what, 0, 300;
  $words = "$kind ..." if !$told{$words} && ++$kinds{$kind} > 100;
  $noted{$words} += $times // 1;
  return if $told{$words}++;
  flush();
}
sub flush {
  syswrite STDERR, "\n$key $noted{$_} $_\n" for keys %noted;
  %noted = ();
}

# Bytes of that process, up to a zero byte or so many.
sub memory {
  my ($pid, $at, $size) = @_;
  my $got = '';
  while (length $got < $size) {
    my $from = $at + length $got;
    my $want = 4096 - ($from & 4095);
    $want = $size - length $got if $want > $size - length $got;
    my $part = "\0" x $want;
    my $n = syscall $nr{readv}, $pid, pack('P Q', $part, $want), 1, pack('Q Q', $from, $want), 1, 0;
    last if $n <= 0;
    $got .= substr $part, 0, $n;
    last if $n < $want || $size == 4096 && $part =~ /\0/;
  }
  return $got;
}

# Whole path that a call names, without steps back; undef when it cannot be known.
sub path {
  my ($pid, $folder, $at) = @_;
  my ($text) = memory($pid, $at, 4096) =~ /^([^\0]+)/ or return undef;
  if ($text !~ m{^/}) {
    $folder &= 0xffffffff;
    my $base = readlink($folder == $HERE ? "/proc/$pid/cwd" : "/proc/$pid/fd/$folder") // return undef;
    $text = "$base/$text";
  }
  return resolved($pid, $text);
}
# Follows links but at its end; what only the image's maker can have linked is left as it is.
sub resolved {
  my ($pid, $text) = @_;
  my ($links, @done) = 0;
  my $fixed = $text =~ m{^/(usr|lib|etc|bin)/(?!.*\.\.)};
  my @parts = split m{/+}, $text;
  while (@parts) {
    my $part = shift @parts;
    next if $part eq '' || $part eq '.';
    if ($part eq '..') { pop @done; next }
    $part = $pid if @done == 1 && $done[0] eq 'proc' && $part =~ /^(self|thread-self)$/;
    push @done, $part;
    # Another's root would read as one's own.
    next if $fixed || !@parts || @done == 3 && $done[0] eq 'proc' && other($done[1]);
    my $link = readlink '/' . join '/', @done;
    next if !defined $link || ++$links > 40;
    pop @done;
    @done = () if $link =~ m{^/};
    unshift @parts, split m{/+}, $link;
  }
  return '/' . join '/', @done;
}

# The first process, this one, and those that are not of this container.
sub other { my ($pid) = @_; return $pid =~ /^\d+$/ && ($pid == 1 || $pid == $$ || !-e "/proc/$pid") }

# 0, or the number of the error that reaching for it gives.
sub denied { my ($path, $way) = @_; return syscall($nr{faccessat}, -100, "$path", $way) == 0 ? 0 : $! + 0 }
sub forbidden { my ($error) = @_; return $error == $EROFS || $error == $EACCES || $error == $EPERM }
sub folder { my ($path) = @_; $path =~ s{/[^/]*$}{}; return $path eq '' ? '/' : $path }

# A file that is to be changed, or (entry) made, renamed or removed. Python tries to keep what it compiles, and goes on without.
sub changes {
  my ($path, $entry) = @_;
  return if !defined $path || $path =~ m{/__pycache__(/|$)};
  my $error = denied($entry ? folder($path) : $path, $WRITE);
  $error = denied(folder($path), $WRITE) if !$entry && $error == $ENOENT;
  note('write', $path) if forbidden($error);
}
# A place of the computer that this is not: one of its owner's, or of no usual system. Programs look for their own things
# in each folder above them, so what is missing in a folder that is there is none of it.
sub foreign {
  my ($path) = @_;
  my ($top) = $path =~ m{^/([^/]+)};
  return 1 if $path =~ m{^/(root(/|$)|home/[^./]+$)} || $top !~ /\.|^node_modules$/ && $top !~ $SYSTEM && !-e "/$top";
  return 0 if -e (folder($path));
  for (@owners) { return 1 if index("$path/", "$_/") == 0 }
  return 0;
}
sub opens {
  my ($path, $flags) = @_;
  return if !defined $path || $flags & 0x200000;
  if ($path =~ m{^/proc/(\d+)/(environ|mem|root|cwd|maps)(/|$)}) {
    return note('process', $path) if other($1);
  }
  return note('socket', $path) if $path =~ $ENGINES;
  my $changes = $flags & 3 || $flags & 01000;
  my $error = denied($path, $changes ? 0 : $READ);
  my $missing = $error == $ENOENT || $error == $ENOTDIR;
  return note('device', $path) if $missing && $path =~ m{^/dev/(?!shm|pts|fd|mqueue)};
  return note($changes ? 'write' : 'read', $path) if $missing && foreign($path);
  return changes($path, 0) if $changes || $missing && $flags & 0100;
  note('read', $path) if forbidden($error);
}

my $named = 0;
sub reaches {
  my ($pid, $at, $size) = @_;
  my $address = memory($pid, $at, $size > 128 ? 128 : $size);
  return if length $address < 3;
  my $family = unpack 'S', $address;
  if ($family == 1) {
    my ($name) = substr($address, 2) =~ /^([^\0]+)/;
    note('socket', $name) if defined $name && $name =~ $ENGINES;
    return;
  }
  my ($host, $port) = (undef, unpack 'n', substr $address, 2, 2);
  if ($family == 2 && length $address >= 8) {
    $host = join '.', unpack 'C4', substr $address, 4, 4;
  } elsif ($family == 10 && length $address >= 24) {
    my $raw = substr $address, 8, 16;
    return if $raw =~ /^\0{15}[\0\1]$/s;
    $host = substr($raw, 0, 12) eq "\0" x 10 . "\xff\xff" ? join '.', unpack 'C4', substr $raw, 12
      : '[' . join(':', map { sprintf '%x', $_ } unpack 'n8', $raw) . ']';
  }
  return if !defined $host || $host =~ /^127\./ || $host eq '0.0.0.0' || $peer{$host};
  my $near = 0;
  if ($host !~ /^\[/) {
    my $number = unpack 'V', pack 'C4', split /\./, $host;
    for (@beside) { $near = 1 if ($number & $_->[1]) == $_->[0] }
  }
  # With all of the network, only who stands beside it is kept from it.
  return if $network eq 'open' && (!$near || $way{$host});
  $named++ if !$near;
  note($near && $network eq 'open' ? 'neighbour' : 'connect', "$host:$port");
}
# What had no way out and was not asked about: the kernel counts it.
my $counted = 0;
sub wayless {
  my $total = 0;
  if ($snmp && sysseek $snmp, 0, 0) {
    sysread $snmp, my $text, 8192;
    my ($names, $values) = ($text // '') =~ /^Ip: (.*)\nIp: (.*)$/m;
    my @names = split / /, $names // '';
    my @values = split / /, $values // '';
    for (0 .. $#names) { $total += $values[$_] if $names[$_] eq 'OutNoRoutes' }
  }
  if ($snmp6 && sysseek $snmp6, 0, 0) {
    sysread $snmp6, my $text, 8192;
    $total += $1 if ($text // '') =~ /^Ip6OutNoRoutes\s+(\d+)/m;
  }
  my $more = $total - $counted - $named;
  note('wayless', '-', $more) if $more > 0 && $network ne 'open';
  ($counted, $named) = ($total, 0);
}

# What is answered: 0 lets the call go on, less than 0 ends it with that error.
sub judge {
  my ($pid, $number, $table, @a) = @_;
  if ($table != $architecture || $number >= $FOREIGN) { note('foreign', '-'); return -$ENOSYS }
  if (my $name = $escape{$number}) { note('escape', $name); return -$EPERM }
  my $name = $call{$number} // return 0;
  if ($name eq 'clone') { note('escape', 'clone'); return -$EPERM }
  if ($name eq 'ptrace') {
    return 0 if $a[1] != 1 && $a[1] != $$;
    note('process', "/proc/$a[1]");
    return -$EPERM;
  }
  if ($name eq 'connect') { reaches($pid, @a[1, 2]); return 0 }
  if ($name eq 'sendto') { reaches($pid, @a[4, 5]); return 0 }
  if ($name eq 'openat') { opens(path($pid, @a[0, 1]), $a[2]); return 0 }
  if ($name eq 'open') { opens(path($pid, $HERE, $a[0]), $a[1]); return 0 }
  if ($name eq 'openat2') { opens(path($pid, @a[0, 1]), unpack 'Q', memory($pid, $a[2], 8) . "\0" x 8); return 0 }
  # These name a folder and a path, or a path alone.
  my $at = $name =~ /at2?$/;
  unshift @a, $HERE if !$at;
  if ($name =~ /^(symlink|link|rename)/) {
    changes(path($pid, @a[0, 1]), 1) if $1 eq 'rename';
    my $new = $1 ne 'symlink' ? path($pid, $at ? @a[2, 3] : ($HERE, $a[2])) : path($pid, $at ? @a[1, 2] : ($HERE, $a[2]));
    changes($new, 1);
  } elsif ($name =~ /^mknod/ && ($a[2] & 0170000) =~ /^(24576|8192)$/) {
    note('device', path($pid, @a[0, 1]) // '-');
  } else {
    changes(path($pid, @a[0, 1]), $name !~ /^(creat|truncate|chmod|fchmod|chown|lchown|fchown)/);
  }
  return 0;
}

my $watched = '';
vec($watched, fileno $woken, 1) = 1;
if ($listener) {
  vec($watched, $fd, 1) = 1;
  # Newer kernels then change over from one process to the other at once.
  ioctl $listener, $SET_FLAGS, 1;
}
for (;;) {
  my $ready = select my $in = $watched, undef, undef, 4;
  if ($ready <= 0) { wayless(); flush(); next }
  if (vec $in, fileno $woken, 1) {
    sysread $woken, my $some, 512;
    while ((my $pid = waitpid -1, 1) > 0) {
      next if $pid != $main;
      wayless();
      flush();
      exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
    }
  }
  next if !$listener || !vec $in, $fd, 1;
  my $notice = "\0" x 80;
  ioctl $listener, $RECEIVE, $notice or next;
  my ($id, $pid, undef, $number, $table, undef, @a) = unpack 'Q L L l L Q Q6', $notice;
  my $error = eval { judge($pid, $number, $table, @a) } // 0;
  my $answer = pack 'Q q l L', $id, 0, $error, $error < 0 ? 0 : 1;
  ioctl $listener, $ANSWER, $answer;
}
`;
