/**
 * The seccomp profile of a container that is observed: what engines permit a program without capabilities, and nothing
 * more. It differs from their own in one point: calls that are refused to everybody are refused so that an observer's
 * filter may be asked about them first. Seccomp prefers "ask the listener" to "ask the tracer" and "refuse" to both; where
 * nobody listens, a call that would ask a tracer ends with `ENOSYS`. So nothing is permitted without an observer either.
 */

/** What programs without capabilities may call on x86-64 and arm64; names that a machine lacks are passed over. */
const PERMITTED = `
accept accept4 access adjtimex alarm arch_prctl bind brk cachestat capget capset chdir chmod chown clock_adjtime clock_getres
clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1
epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve execveat exit exit_group
faccessat faccessat2 fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync
fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex futex_requeue futex_wait
futex_waitv futex_wake futimesat get_robust_list getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer
getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit getrusage getsid getsockname
getsockopt gettid gettimeofday getuid getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel
io_destroy io_getevents io_pgetevents io_setup io_submit ioctl ioprio_get ioprio_set kill landlock_add_rule
landlock_create_ruleset landlock_restrict_self lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr lseek
lsetxattr lstat madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat mlock
mlock2 mlockall mmap modify_ldt mprotect mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap
mseal msgctl msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat open openat openat2
pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll prctl pread64 preadv preadv2
prlimit64 process_mrelease process_vm_readv process_vm_writev pselect6 ptrace pwrite64 pwritev pwritev2 read readahead
readlink readlinkat readv recvfrom recvmmsg recvmsg remap_file_pages removexattr rename renameat renameat2 restart_syscall
rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield
seccomp select semctl semget semop semtimedop sendfile sendmmsg sendmsg sendto set_robust_list set_tid_address setfsgid
setfsuid setgid setgroups setitimer setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt
setuid setxattr shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 socketpair splice stat statfs statx
symlink symlinkat sync sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun
timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill truncate umask uname unlink unlinkat
utime utimensat utimes vfork vmsplice wait4 waitid write writev`;

/** What nobody without capabilities may call, and programs that want out do. The observer knows the same. */
const ASKED = `
acct add_key bpf chroot clock_settime delete_module finit_module fsconfig fsmount fsopen fspick init_module ioperm iopl
kexec_file_load kexec_load keyctl mount mount_setattr move_mount open_by_handle_at open_tree perf_event_open pivot_root
quotactl reboot request_key setdomainname sethostname setns settimeofday swapoff swapon syslog umount2 unshare userfaultfd`;

/** Flags of `clone` that make namespaces. */
const CLONE_NEW = 0x7e020000;
const AF_VSOCK = 40;
/** Ways to behave like other systems that are harmless: Linux, its 32 bits, and to ask. */
const PERSONALITIES = [0, 8, 0x20000, 0x20008, 0xffffffff];
const ENOSYS = 38;

const list = (words: string): readonly string[] => words.trim().split(/\s+/);

/** The profile as engines take it: JSON of Docker's form. Pure. */
export function observedProfile(): string {
  const allow = 'SCMP_ACT_ALLOW';
  const first = (value: number, op: string, valueTwo = 0) => [{ index: 0, value, valueTwo, op }];
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    // Other tables of calls reach the observer, which refuses them.
    archMap: [
      { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] },
      { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] },
    ],
    syscalls: [
      { names: list(PERMITTED), action: allow },
      { names: ['socket'], action: allow, args: first(AF_VSOCK, 'SCMP_CMP_NE') },
      ...PERSONALITIES.map((value) => ({
        names: ['personality'],
        action: allow,
        args: first(value, 'SCMP_CMP_EQ'),
      })),
      { names: ['clone'], action: allow, args: first(CLONE_NEW, 'SCMP_CMP_MASKED_EQ') },
      // Its arguments cannot be looked at; programs then take `clone`.
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
      { names: list(ASKED), action: 'SCMP_ACT_TRACE' },
    ],
  });
}
