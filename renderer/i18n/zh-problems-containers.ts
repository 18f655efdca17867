/** Problems of containers and terminals, in Simplified Chinese: what happened, and what to do. */

export const containers = {
  'isolation.engine_not_found': [
    '这台电脑上没有找到容器引擎。',
    '请安装 Docker 或 Podman，或不使用容器继续。',
  ],
  'isolation.engine_forbidden': [
    '{endpoint} 有容器引擎，但您无权使用它。',
    '请将自己加入“docker”组并重新登录，或使用无根模式的 Docker 或 Podman。',
  ],
  'isolation.engine_refused': [
    '{endpoint} 设置了容器引擎，但它没有运行。',
    '请启动 Docker Desktop，或 Docker 或 Podman 的服务。',
  ],
  'isolation.engine_silent': ['{endpoint} 的容器引擎没有及时应答。', '它可能仍在启动；请稍候，或重启它。'],
  'isolation.engine_unusable': [
    '容器引擎（{endpoint}）无法使用。',
    '请检查 DOCKER_HOST，以及 `docker version` 能否在终端中运行。',
  ],
  'isolation.engine_lost': ['容器引擎已断开。', '请重新启动 Docker 或 Podman；服务器随后会自动启动。'],
  'isolation.bad_engine': [
    '容器引擎的地址无法使用。',
    '请修正 DOCKER_HOST 或“isolation”中的“engine”，例如 unix:///path、tcp://host:2376 或 ssh://user@host。',
  ],
  'isolation.unsafe': [
    '服务器未启动，因为其配置削弱了隔离。',
    '请从“isolation”中删除该内容；如果确实需要，请在那里加上“unsafe”: true。',
  ],
  'isolation.bad_option': ['容器选项“{option}”无法使用。', '请在“extraArgs”中删除或修正它。'],
  'isolation.bad_option/volume': ['选项“--volume”没有指明这台电脑上的文件夹。', '请写在“mounts”下。'],
  'isolation.bad_host': [
    '“allow”中的“{host}”不是主机名。',
    '请写成 api.example.com、*.example.com 或 db.example.com:5432 之类。',
  ],
  'isolation.not_contained': [
    '服务器“{server}”不在容器中运行，因此无法限制其网络。',
    '请先为它设置 "isolation": {"mode": "container"}。',
  ],
  'isolation.not_asked': [
    '自 Gatehouse 启动以来，服务器“{server}”没有请求过 {host}。',
    '请重新查看它的页面，或将该主机写入其“isolation”的“allow”。',
  ],
  'isolation.bad_user': ['容器的“user”不是 uid 或 uid:gid 的形式。', '请写成“1000:1000”之类，或省略它。'],
  'isolation.bad_variable': [
    '无法给隔离的服务器传递名为“{name}”的变量。',
    '“env”中的名称由字母、数字和“_”组成，且不以数字开头。',
  ],
  'isolation.no_image': [
    '不知道哪个镜像包含程序“{program}”。',
    '请在服务器的“isolation”中用“image”指定一个。',
  ],
  'isolation.no_launcher': [
    '镜像“{image}”没有 shell、Node.js 或 Python，因此无法私密地传递机密。',
    '请使用带 shell 的镜像，或在配置中不使用 ${keyring:name} 之类的引用。',
  ],
  'isolation.no_such_image': ['容器引擎没有镜像“{image}”。', '请修正其名称；使用它的服务器会下载它。'],
  'isolation.pull_failed': [
    '无法下载镜像“{image}”：{why}',
    '请检查其名称和网络，或在服务器的“isolation”中指定另一个“image”。',
  ],
  'isolation.image_changed': [
    '镜像“{image}”与之前使用的不同（之前 {before}，现在 {now}）。',
    '如果这在您意料之中，请同意：gatehouse image approve {image}',
  ],
  'isolation.mount_missing': [
    '服务器要看到的“{path}”不存在或无法访问。',
    '请创建它，或修正服务器“isolation”中的“mounts”。',
  ],
  'isolation.mount_refused': ['任何服务器都不得看到“{path}”。', '请在“mounts”中只写服务器需要的那个文件夹。'],
  'isolation.remote_mounts': [
    '{endpoint} 的引擎在另一台电脑上运行，没有这台电脑的路径。',
    '请从服务器的“isolation”中删除“mounts”，或使用这台电脑上的引擎。',
  ],
  'isolation.egress_failed': [
    '隔离的服务器访问网络所用的代理没有运行。',
    '请检查引擎能否创建网络，或将服务器的“network”设为“none”或“bridge”。',
  ],
  'isolation.start_failed': [
    '容器引擎无法启动“{image}”的容器：{why}',
    '请在终端中运行 `docker run --rm IMAGE`；其错误信息更详细。',
  ],
  'isolation.start_failed/rights': [
    '容器引擎无法启动“{image}”的容器：{why}',
    '引擎在这台电脑上可能缺少权限；请在终端中运行 `docker run --rm IMAGE`。',
  ],
  'isolation.stopped': ['服务器在其容器启动之前被停止。', '请重新开启它。'],
  'terminal.host_off': [
    '这台电脑本身的终端已关闭。',
    '如果能打开此页面的人可以做您能做的一切，请在配置中写入 "terminal": {"onThisComputer": true}。',
  ],
  'terminal.no_container': [
    '“{server}”不在容器中运行。',
    '请先为它设置 "isolation": {"mode": "container"}。',
  ],
  'terminal.not_running': ['“{server}”的容器没有运行。', '请开启服务器；如果无法启动，请查看其日志。'],
  'terminal.no_shell': ['无法在容器中启动 shell。', '请选择带 /bin/sh 的镜像，或查看服务器的日志。'],
  'terminal.remote': ['“{server}”在另一台电脑上运行：这里没有它的终端。', '请选择本身是程序的服务器。'],
  'terminal.failed': ['无法启动 shell {file}。', '请检查它及其文件夹是否存在。'],
  'terminal.unavailable': [
    '无法加载 Gatehouse 在这台电脑上打开终端的组件。',
    '请重新安装 Gatehouse；该组件支持 x64 和 arm64 的 Linux、macOS 与 Windows。',
  ],
  'terminal.too_many': ['打开的终端过多。', '请先关闭其中一个。'],
  'terminal.unknown': ['这里没有这样的终端。', '请重新打开；终端会随打开它的页面一起结束。'],
  'terminal.no_page': ['终端从页面中打开，并随页面结束。', '请在窗口或网页管理界面中，从服务器的页面打开。'],
  'terminal.not_reading': ['终端中的程序没有读取输入。', '请等待，用 Ctrl+C 中断，或关闭终端。'],
} as const;
