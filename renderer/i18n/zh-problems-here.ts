/** Problems of the app itself, its endpoint, settings, secrets and the activity log, in Simplified Chinese: what happened, and what to do. */

export const here = {
  'app.node_too_old': ['Node.js {version} 版本过旧。', '请安装 Node.js 20.19 或更高版本。'],
  'app.data_dir_unusable': ['{path} 不是您可以写入的目录。', '请修正其权限，或选择另一个 --data-dir。'],
  'app.address_taken': [
    '无法使用 {address}（{why}）。',
    '请结束占用它的程序，或在 config.json 中设置另一个“listen”。',
  ],
  'app.program_missing/npx': [
    'npx 不在 PATH 中，或没有应答。',
    '要使用来自 npm 的服务器，请安装 Node.js（https://nodejs.org）。',
  ],
  'app.program_missing/uvx': [
    'uvx 不在 PATH 中，或没有应答。',
    '要使用来自 PyPI 的服务器，请安装 uv（https://docs.astral.sh/uv）。',
  ],
  'app.program_missing/docker': [
    'docker 不在 PATH 中，或没有应答。',
    '要使用以镜像提供的服务器，请安装 Docker。',
  ],
  'app.already_running': [
    '已有 Gatehouse 使用数据文件夹 {path} 运行。',
    '请使用正在运行的那个，结束它，或选择另一个 --data-dir。',
  ],
  'app.foreign_folder': ['文件夹 {path} 属于另一个用户。', '请删除它，或选择另一个 --data-dir。'],
  'app.open_to_network': [
    '没有令牌时，端点只能在这台电脑上监听，不能在 {host} 上监听。',
    '请去掉 --no-auth（或“required”: false），或在 127.0.0.1 上监听。',
  ],
  'gateway.port_in_use': [
    '{host} 的端口 {port} 正被另一个程序使用。',
    '请结束该程序，或用 --listen 或配置中的“listen”选择另一个端口。',
  ],
  'gateway.address_unavailable': ['这台电脑没有地址 {host}。', '请使用 127.0.0.1，或这台电脑拥有的地址。'],
  'gateway.listen_failed': ['无法在 {where} 打开端点（{why}）。', '请选择另一个地址。'],
  'gateway.listen_failed/rights': ['无法在 {where} 打开端点（{why}）。', '请选择大于 1023 的端口。'],
  'internal.unexpected': ['发生了意外错误。', '这是 Gatehouse 的故障。日志中有详细信息；请报告此问题。'],
  'bridge.failed': ['Gatehouse 没有应答。', '请重试；如果仍然如此，请重启 Gatehouse。'],
  'bridge.unknown_name': ['没有这样的命令。', '请重启 Gatehouse，使窗口与核心版本一致。'],
  'ipc.bad_arguments': ['无法读取该命令。', '请重启 Gatehouse，使窗口与核心版本一致。'],
  'ipc.foreign_sender': ['只有 Gatehouse 的窗口可以向它发出命令。', '请使用 Gatehouse 的窗口。'],
  'ipc.unknown_command': ['没有这样的命令。', '请重启 Gatehouse，使窗口与核心版本一致。'],
  'ipc.too_many_commands': ['窗口一次发出的命令过多。', '请等一秒后重试；如果仍然如此，请重启 Gatehouse。'],
  'command.unknown': ['没有命令“{command}”。', '请更新 Gatehouse；其各部分版本不一致。'],
  'command.bad_arguments': ['命令收到了错误的参数。', '请更新 Gatehouse；其各部分版本不一致。'],
  'desktop.unavailable': ['这需要桌面应用；网页管理界面无法完成。', '请在运行 Gatehouse 的电脑上操作。'],
  'desktop.unavailable/config': [
    '这需要桌面应用；网页管理界面无法完成。',
    '请在运行 Gatehouse 的电脑上编辑文件 {file}。保存后立即生效。',
  ],
  'desktop.unavailable/connect': [
    '这需要桌面应用；网页管理界面无法完成。',
    '请在运行 Gatehouse 的电脑上运行：gatehouse connect。',
  ],
  'desktop.open_failed/config': ['无法打开配置文件：{fault}', '请用您喜欢的编辑器打开：{file}'],
  'desktop.open_failed/settings': ['无法打开设置文件：{fault}', '请用您喜欢的编辑器打开：{file}'],
  'desktop.open_failed/bundle': ['无法打开安装包：{fault}', '请自行打开：{file}'],
  'desktop.open_failed/folder': ['无法打开文件夹：{fault}', '请用您喜欢的文件管理器打开：{path}'],
  'preferences.shortcut_taken': [
    '无法使用快捷键 {keys}：另一个程序或系统已占用它。',
    '请在设置中选择其他按键。',
  ],
  'preferences.invalid': ['这不是有效的偏好设置。', '请选择设置中提供的值。'],
  'preferences.not_saved': ['无法保存偏好设置。', '请检查数据文件夹是否可写、磁盘是否已满。'],
  'startup.not_written': ['无法更改文件 {file}。', '请检查谁可以写入它及其所在文件夹。'],
  'startup.not_installed': [
    '只有已安装的应用才能在登录时启动。',
    '请安装 Gatehouse，或自行将其加入系统的登录项。',
  ],
  'startup.has_secret': [
    'Gatehouse 启动时命令行中带有机密，不能将其保存在文件中。',
    '请将令牌保存为机密，在配置中写入 "auth": {"token": "${keyring:NAME}"}，并在启动时不带它。',
  ],
  'settings.port_taken': [
    '端口 {port} 正被另一个程序使用。',
    '未作任何更改。请选择另一个端口，例如 1024 到 65535 之间的。',
  ],
  'settings.port_taken/other': [
    '无法使用 {address}（{why}）。',
    '未作任何更改。请选择另一个端口，例如 1024 到 65535 之间的。',
  ],
  'settings.open_without_token': ['他人可以访问的端点始终要求令牌。', '请要求令牌，或只允许这台电脑访问。'],
  'settings.said_outside': [
    '启动 Gatehouse 的命令行指定了此项，优先于配置。',
    '请在启动 Gatehouse 时不带该选项。',
  ],
  'activity.unavailable': [
    '活动日志不可用；调用照常进行，但不会被记录。',
    '请检查数据文件夹是否可写、磁盘是否有空间，然后重启 Gatehouse。如果仍然如此，请重新安装。',
  ],
  'activity.calls_lost': [
    '有 {count} 次调用未被记录：磁盘跟不上。',
    '调用本身不受影响。请检查数据文件夹所在磁盘是否有空间、是否过于繁忙。',
  ],
  'activity.calls_lost/one': [
    '有 1 次调用未被记录：磁盘跟不上。',
    '调用本身不受影响。请检查数据文件夹所在磁盘是否有空间、是否过于繁忙。',
  ],
  'activity.damaged': ['活动日志已损坏；已开始新的日志。', '旧日志保存为 {kept}；不需要时可删除。'],
  'activity.newer_version': [
    '活动日志由更新版本的 Gatehouse 写入。',
    '请更新 Gatehouse，或移走文件 activity.db 以开始新的日志。',
  ],
  'activity.read_failed': ['无法读取活动日志。', '请重试；如果仍然如此，请检查数据文件夹所在磁盘。'],
  'activity.write_failed': [
    '无法写入活动日志；Gatehouse 会继续尝试。',
    '请检查数据文件夹所在磁盘是否有空间且可写。',
  ],
  'activity.export_failed': ['无法写入导出文件。', '请检查数据文件夹所在磁盘是否有空间且可写。'],
  'activity.bad_time': ['所选时间段的结束早于开始。', '请选择晚于开始的结束时间。'],
  'secrets.keychain_unavailable': ['系统钥匙串无法使用。', '请解锁钥匙串，并允许 Gatehouse 使用它。'],
  'secrets.keychain_unavailable/linux': [
    '系统钥匙串无法使用。',
    '请启动带有密钥环（GNOME Keyring 或 KWallet）的桌面会话并解锁它。',
  ],
  'secrets.keychain_unavailable/off': [
    '钥匙串的使用已关闭。',
    '请在启动 Gatehouse 时不设置 GATEHOUSE_KEYCHAIN=off。',
  ],
  'secrets.keychain_gone': [
    '机密保存在系统钥匙串中，但目前无法使用。',
    '请解锁钥匙串，或登录到保存机密时的桌面会话；没有任何丢失。',
  ],
  'secrets.safe_storage_gone': [
    '机密保存在一个文件中，只有 Gatehouse 桌面应用才能用此登录的密钥打开。',
    '请在保存机密时的会话中使用桌面应用；没有任何丢失。',
  ],
  'secrets.damaged': [
    '无法打开加密文件 {file}：它已损坏，或密钥不匹配。',
    '请从备份恢复文件及其密钥；或删除两者并重新保存机密。',
  ],
  'secrets.file_failed': ['无法读取或写入文件 {file}。', '请检查数据文件夹是否可写、磁盘是否有空间。'],
  'secrets.busy': [
    '另一个进程正在写入机密（{file}）。',
    '请重试；如果没有其他 Gatehouse 在运行，请删除该文件。',
  ],
  'secrets.bad_name': [
    '这不能作为机密的名称。',
    '名称由 1 到 128 个 A-Z a-z 0-9 _ . @ : / - 字符组成，且不以“-”开头。',
  ],
  'secrets.bad_value': ['机密的长度为 1 到 65,536 字节，且不含 NUL 字符。', '请检查输入的内容。'],
  'secrets.env_missing': [
    '{written} 指向的环境变量 Gatehouse 没有。',
    '请在启动 Gatehouse 之前设置 {name}，或使用 ${keyring:{name}}。',
  ],
  'secrets.secret_missing': [
    '{written} 指向的机密尚未保存。',
    '请在设置的机密中保存 {name}，或运行：gatehouse secret set {name}',
  ],
  'secrets.unknown_reference': [
    '{written} 不是 Gatehouse 认识的引用。',
    '可用的是 ${env:NAME} 和 ${keyring:name}；普通的“${”请写成“$${”。',
  ],
  'secrets.not_kept': [
    '新的存储没有原样保存“{name}”；没有移动任何内容。',
    '请保留现有的存储；没有任何丢失。',
  ],
  'secrets.not_found': ['没有机密“{name}”。', '请在机密列表中查看名称。'],
} as const;
