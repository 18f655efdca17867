/** Problems of servers that do not work, and signing in to them, in Simplified Chinese: what happened, and what to do. */

export const servers = {
  'upstream.answered_error': ['服务器对“{method}”返回错误 {number}：{text}', '它的日志中可能有更多信息。'],
  'upstream.bad_answer': [
    '服务器的应答不是 JSON、被截断，或嵌套过深。',
    '问题出在服务器，请更新它。它的日志中可能有更多信息。',
  ],
  'upstream.bad_answer/address': [
    '{where} 的服务器给出的应答不符合 MCP。',
    '请检查该地址是否属于 MCP 服务器。',
  ],
  'upstream.bad_ca_file': [
    '证书颁发机构文件“{file}”无法使用。',
    '请修正“tls”下的“caFile”；该文件应包含 PEM 格式的证书。',
  ],
  'upstream.bad_directory': ['工作目录“{path}”不存在。', '请创建它，或修正配置中的“cwd”。'],
  'upstream.bad_header': ['标头 {header} 无法使用。', '请修正配置中的“headers”，或它引用的机密。'],
  'upstream.bad_list': ['服务器对“{method}”的应答不是列表。', '请更新服务器；它的日志中可能有更多信息。'],
  'upstream.bad_url': ['服务器的地址无法使用。', '请修正配置中的“url”；它以 http:// 或 https:// 开头。'],
  'upstream.command_not_found': [
    '找不到命令“{command}”。',
    '请安装它，或写出完整路径；登录 shell 的 PATH 也已搜索过。',
  ],
  'upstream.command_not_found/spaces': ['找不到命令“{command}”。', '请删除前后的空格。'],
  'upstream.command_not_found/home': [
    '找不到命令“{command}”。',
    '“~”在这里没有含义：请写 ${env:HOME} 或完整路径。',
  ],
  'upstream.command_not_found/variables': ['找不到命令“{command}”。', '请将变量写成 ${env:NAME}。'],
  'upstream.command_not_found/arguments': [
    '找不到命令“{command}”。',
    '请在“command”下只写“{first}”，并将每个参数单独写入“args”。',
  ],
  'upstream.connect_timeout': [
    '未能及时连接到 {where}（{code}）。',
    '请检查地址、网络，以及防火墙或代理等中间环节。',
  ],
  'upstream.exited/code': ['服务器以代码 {code} 退出。', '它的日志有更多信息；请修正命令、参数或环境变量。'],
  'upstream.exited/code_lines': [
    '服务器以代码 {code} 退出；最后的输出：{lines}',
    '它的日志有更多信息；请修正命令、参数或环境变量。',
  ],
  'upstream.exited/code_why': [
    '服务器以代码 {code} 退出（{why}）。',
    '它的日志有更多信息；请修正命令、参数或环境变量。',
  ],
  'upstream.exited/code_why_lines': [
    '服务器以代码 {code} 退出（{why}）；最后的输出：{lines}',
    '它的日志有更多信息；请修正命令、参数或环境变量。',
  ],
  'upstream.exited/signal': [
    '服务器被信号 {signal} 终止。',
    '它的日志有更多信息；请修正命令、参数或环境变量。',
  ],
  'upstream.exited/signal_lines': [
    '服务器被信号 {signal} 终止；最后的输出：{lines}',
    '它的日志有更多信息；请修正命令、参数或环境变量。',
  ],
  'upstream.exited/signal_why': [
    '服务器被信号 {signal} 终止（{why}）。',
    '它的日志有更多信息；请修正命令、参数或环境变量。',
  ],
  'upstream.exited/signal_why_lines': [
    '服务器被信号 {signal} 终止（{why}）；最后的输出：{lines}',
    '它的日志有更多信息；请修正命令、参数或环境变量。',
  ],
  'upstream.forbidden': [
    '{where} 的服务器不允许此操作。',
    '请使用有权限的帐户或密钥，或询问服务器的运营者。',
  ],
  'upstream.forbidden/said': [
    '{where} 的服务器不允许此操作：{excerpt}',
    '请使用有权限的帐户或密钥，或询问服务器的运营者。',
  ],
  'upstream.foreign_endpoint': [
    '{where} 的服务器要求把消息发送到别处。',
    '只接受同源地址；请修正“url”或服务器。',
  ],
  'upstream.http_status/now': ['{where} 的服务器返回状态 {status}。', '请检查地址以及服务器的要求。'],
  'upstream.http_status/now_said': [
    '{where} 的服务器返回状态 {status}：{excerpt}',
    '请检查地址以及服务器的要求。',
  ],
  'upstream.http_status/later': ['{where} 的服务器返回状态 {status}。', '问题出在服务器，请稍后再试。'],
  'upstream.http_status/later_said': [
    '{where} 的服务器返回状态 {status}：{excerpt}',
    '问题出在服务器，请稍后再试。',
  ],
  'upstream.inspection_ended': [
    '服务器未在 {seconds} 秒内列出其提供的内容，或检查被终止。',
    '检查日志中可能有更多信息；请重新检查。',
  ],
  'upstream.installing': ['“{server}”已有安装正在进行。', '请等待其完成，或取消它。'],
  'upstream.no_installation': ['“{server}”没有正在进行的安装。', '请重新开始安装。'],
  'upstream.not_a_program': [
    '“{server}”是远程服务器，此处不安装它的任何内容。',
    '请选择本身是程序的服务器。',
  ],
  'upstream.list_unread': [
    '服务器表示其提供的内容已更改，但未在 {seconds} 秒内列出。',
    '请重试；如果仍然如此，请重启服务器。',
  ],
  'upstream.name_not_found': ['无法解析 {where} 中的计算机名（{code}）。', '请检查“url”中的名称和网络。'],
  'upstream.no_transport': [
    '该地址的服务器既不支持 Streamable HTTP，也不支持 SSE。',
    '请修正配置中的“url”；这类地址通常以 /mcp 或 /sse 结尾。',
  ],
  'upstream.not_executable': ['命令“{command}”不可执行。', '请将该文件设为可执行，或指定运行它的程序。'],
  'upstream.not_executable/directory': ['命令“{command}”是一个目录。', '请指定要运行的程序。'],
  'upstream.not_mcp/ended': [
    '这不是 MCP 服务器：它输出“{text}”后就退出了。',
    '请检查命令和参数；有些程序需要选项或子命令才能通过 stdio 提供 MCP。',
  ],
  'upstream.not_mcp/silent': [
    '这不是 MCP 服务器：它输出“{text}”，但没有应答。',
    '请检查命令和参数；有些程序需要选项或子命令才能通过 stdio 提供 MCP。',
  ],
  'upstream.not_mcp/echo': [
    '这不是 MCP 服务器：它把“{text}”原样返回。',
    '请检查命令和参数；有些程序需要选项或子命令才能通过 stdio 提供 MCP。',
  ],
  'upstream.not_mcp/endless': [
    '这不是 MCP 服务器：它不停地输出“{text}”。',
    '请检查命令和参数；有些程序需要选项或子命令才能通过 stdio 提供 MCP。',
  ],
  'upstream.not_mcp/address': [
    '该地址上不是 MCP 服务器。',
    '请修正“url”；这类地址通常以 /mcp 或 /sse 结尾。',
  ],
  'upstream.not_reading': ['服务器有 {size} 未读取。', '它已卡住，将会重启；它的日志中可能有更多信息。'],
  'upstream.not_sse': [
    '{where} 的服务器不支持 SSE 传输。',
    '请将传输方式设为“http”，或修正“url”；SSE 地址通常以 /sse 结尾。',
  ],
  'upstream.package_not_found': [
    '软件包仓库中没有“{package}”。',
    '请修正“args”中的名称；私有软件包需要在“env”中指定仓库。',
  ],
  'upstream.pipe_closed/input': [
    '服务器关闭了输入却仍在运行，已无法与其通信。',
    '它将重启；日志中有更多信息。',
  ],
  'upstream.pipe_closed/output': [
    '服务器关闭了输出却仍在运行，已无法与其通信。',
    '它将重启；日志中有更多信息。',
  ],
  'upstream.protocol_mismatch': [
    '服务器使用的协议版本不是 Gatehouse 可与其使用的版本。',
    '请将此服务器的“protocol”设为“auto”；如果已经是，请更新服务器或 Gatehouse。',
  ],
  'upstream.proxy_failed': [
    '到服务器的连接要经过代理 {where}，而它无法使用。',
    '请修正环境中的 HTTPS_PROXY 或 HTTP_PROXY，或将服务器写入 NO_PROXY。',
  ],
  'upstream.redirected': [
    '{where} 的服务器把请求转到了别处；密钥和会话不会随之转移。',
    '如果您信任该地址，请将它写入“url”。',
  ],
  'upstream.refused': [
    '{where} 没有应答（{code}）。',
    '请检查服务器是否在运行以及“url”中的端口；会自动重试。',
  ],
  'upstream.runtime_missing/unknown': [
    '需要命令“{program}”，但找不到它。',
    '请安装它，或修正“env”中的 PATH。',
  ],
  'upstream.runtime_missing/known': [
    '需要命令“{program}”（{runtime}），但找不到它。',
    '请安装 {runtime}（{address}），然后重试。',
  ],
  'upstream.runtime_missing/needed_unknown': [
    '命令“{command}”需要“{program}”，但找不到它。',
    '请安装它，或修正“env”中的 PATH。',
  ],
  'upstream.runtime_missing/needed_known': [
    '命令“{command}”需要“{program}”（{runtime}），但找不到它。',
    '请安装 {runtime}（{address}），然后重试。',
  ],
  'upstream.runtime_missing/interpreter': [
    '命令“{command}”存在，但其首行指定的解释器不存在。',
    '请安装该解释器，或将另一个解释器作为命令，并把此文件写入“args”。',
  ],
  'upstream.script_not_found': [
    '“{program}”要运行的文件“{path}”不存在。',
    '请修正“args”中的路径，或安装缺少的内容；相对路径以“cwd”为起点。',
  ],
  'upstream.session_lost': ['{where} 的服务器结束了会话。', '无需操作；会开始新的会话。'],
  'upstream.spawn_failed': [
    '命令“{command}”无法启动（{why}）。',
    '请在终端中运行同一命令；其错误信息更详细。',
  ],
  'upstream.spawn_failed/batch': [
    '命令“{command}”是批处理文件，其参数不能包含换行。',
    '请改为指定它启动的程序。',
  ],
  'upstream.start_timeout': [
    '服务器未在 {seconds} 秒内应答首个请求。',
    '它的日志可能说明原因；如果首次启动需要下载很多内容，请用“startTimeoutMs”延长时间。',
  ],
  'upstream.start_timeout/fast': ['服务器未在 {ms} ms 内应答首个请求。', '请用“startTimeoutMs”延长时间。'],
  'upstream.stopped': ['服务器已停止。', '请重新开启它，或等待它重启完成。'],
  'upstream.stream_broken': ['{where} 的服务器在应答完成前断开了连接。', '请重试；请求是否已执行不得而知。'],
  'upstream.stream_ended': ['{where} 的服务器结束了用于应答的流。', '无需操作；会重新连接。'],
  'upstream.stream_ended/changes': ['服务器结束了用于通知更改的流。', '无需操作；会重新打开。'],
  'upstream.timeout': ['服务器未在 {seconds} 秒内应答。', '请重试，或在其配置中延长时间。'],
  'upstream.tls_failed': [
    '与 {where} 的加密连接不可信，或未能建立（{code}）。',
    '如果您信任其证书的颁发者，请在“tls”的“caFile”中指定其文件。',
  ],
  'upstream.tls_failed/expired': [
    '与 {where} 的加密连接不可信（{code}）。',
    '服务器的运营者需要更新证书；也请检查这台电脑的时钟。',
  ],
  'upstream.tls_failed/name': [
    '与 {where} 的加密连接不可信（{code}）。',
    '证书属于另一个名称：请修正“url”中的地址。',
  ],
  'upstream.tls_failed/plain': [
    '未能与 {where} 建立加密连接（{code}）。',
    '请检查端口，以及地址是否误将 http:// 写成了 https://。',
  ],
  'upstream.too_large': ['服务器的应答超过 {size}。', '请一次少请求一些，或提高此服务器的“maxResultBytes”。'],
  'upstream.too_large/address': [
    '{where} 的服务器在一次应答中发送了超过 {size} 的内容。',
    '请一次少请求一些，或提高此服务器的“maxResultBytes”。',
  ],
  'upstream.too_large/message': [
    '服务器在一条消息中发送了超过 {size} 的内容。',
    '请一次少请求一些。服务器将重启。',
  ],
  'upstream.unauthorized': [
    '{where} 的服务器要求身份验证，且不接受所出示的凭据。',
    '请登录，或修正“headers”中的密钥。',
  ],
  'upstream.unknown': ['没有名为“{server}”的服务器。', '请在服务器列表中查看名称。'],
  'upstream.unreachable': [
    '无法访问 {where} 的服务器（{code}）。',
    '请检查它是否在运行以及地址是否正确；下次请求时会重试。',
  ],
  'upstream.unresponsive': [
    '服务器连续 {count} 次未应答存活检查。',
    '它将重启；日志可能说明其卡住的原因。将“healthCheckSeconds”设为 0 可停止这种检查。',
  ],
  'signin.needed': ['服务器“{server}”要求您登录。', '请在 Gatehouse 中它的页面上登录。'],
  'signin.needed/again': ['服务器“{server}”要求您重新登录。', '请在 Gatehouse 中它的页面上登录。'],
  'signin.more_scopes': ['服务器“{server}”为此要求更多权限：{scopes}。', '请重新登录并授予这些权限。'],
  'signin.not_accepted': [
    '服务器“{server}”不接受其授权服务器刚签发的令牌。',
    '请检查“url”是否为服务器自称的地址以及“scopes”；或询问服务器的运营者。',
  ],
  'signin.discovery_failed': [
    '无法得知如何登录“{server}”。',
    '请检查“url”和网络；如果服务器未指明授权服务器，请在其“oauth”中设置“issuer”。',
  ],
  'signin.no_client': [
    '无法在“{server}”的授权服务器上注册 Gatehouse。',
    '请自行在那里注册应用，并在服务器的“oauth”中设置“clientId”（和“clientSecret”）。',
  ],
  'signin.port_busy': [
    '浏览器应返回到这台电脑的端口 {port}，但另一个程序正在使用它。',
    '请结束该程序，或为此客户端注册另一个“redirectUri”。',
  ],
  'signin.denied': [
    '登录“{server}”被拒绝（{words}）。',
    '请检查服务器“oauth”中的“clientId”、“scopes”和“redirectUri”，然后重新登录。',
  ],
  'signin.denied/by_user': ['登录“{server}”被拒绝（{words}）。', '请重新登录并同意，或使用另一个帐户。'],
  'signin.wrong_issuer': [
    '登录“{server}”的应答并非来自所询问的授权服务器。',
    '没有向任何一方发送内容。请重新登录；如果仍然如此，请不要使用此服务器，并询问其运营者。',
  ],
  'signin.wrong_callback': [
    '这不是登录“{server}”后到达的地址。',
    '请粘贴最近一次登录结束时浏览器显示的完整地址。',
  ],
  'signin.not_waiting': ['没有正在进行的“{server}”登录。', '请开始登录。'],
  'signin.timeout': ['“{server}”的登录未在 {minutes} 分钟内完成。', '请重新登录。'],
  'signin.cancelled': ['已放弃登录“{server}”。', '请重新登录。'],
  'signin.token_refused': [
    '“{server}”的授权服务器拒绝了请求：{words}。',
    '请检查服务器“oauth”中的“clientId”、“clientSecret”和“scopes”，然后重新登录。',
  ],
  'signin.provider_down': ['目前无法访问“{server}”的授权服务器。', '请检查网络；您仍保持登录，会自动重试。'],
  'signin.not_possible': [
    '“{server}”不是需要登录的远程服务器。',
    '只有带“url”、没有自己的“Authorization”标头、且“oauth”中没有“enabled”: false 的服务器才需要登录。',
  ],
  'signin.forbidden_address': [
    '服务器指明的地址不允许访问。',
    '授权服务器的地址使用 https://；请询问服务器的运营者。',
  ],
} as const;
