/** Problems of servers that do not work, and signing in to them, in Japanese: what happened, and what to do. */

export const servers = {
  'upstream.answered_error': [
    'サーバーは「{method}」にエラー {number} を返しました: {text}',
    'ログに詳細があるかもしれません。',
  ],
  'upstream.bad_answer': [
    'サーバーの応答が JSON でないか、途中で切れているか、入れ子が深すぎます。',
    'サーバー側の問題です。サーバーを更新してください。ログに詳細があるかもしれません。',
  ],
  'upstream.bad_answer/address': [
    '{where} のサーバーの応答は MCP サーバーのものではありません。',
    'アドレスが MCP サーバーのものか確認してください。',
  ],
  'upstream.bad_ca_file': [
    '認証局のファイル「{file}」を使用できません。',
    '「tls」の「caFile」を修正してください。PEM 形式の証明書ファイルが必要です。',
  ],
  'upstream.bad_directory': [
    '作業ディレクトリ「{path}」が存在しません。',
    '作成するか、設定の「cwd」を修正してください。',
  ],
  'upstream.bad_header': [
    'ヘッダー {header} を使用できません。',
    '設定の「headers」、またはそれが参照するシークレットを修正してください。',
  ],
  'upstream.bad_list': [
    '「{method}」に対するサーバーの応答がリストではありません。',
    'サーバーを更新してください。ログに詳細があるかもしれません。',
  ],
  'upstream.bad_url': [
    'サーバーのアドレスを使用できません。',
    '設定の「url」を修正してください。http:// または https:// で始まります。',
  ],
  'upstream.command_not_found': [
    'コマンド「{command}」が見つかりません。',
    'インストールするか、フルパスを指定してください。ログインシェルの PATH も検索済みです。',
  ],
  'upstream.command_not_found/spaces': [
    'コマンド「{command}」が見つかりません。',
    '前後の空白を取り除いてください。',
  ],
  'upstream.command_not_found/home': [
    'コマンド「{command}」が見つかりません。',
    'ここでは「~」は展開されません。${env:HOME} かフルパスを書いてください。',
  ],
  'upstream.command_not_found/variables': [
    'コマンド「{command}」が見つかりません。',
    '変数は ${env:NAME} の形で書いてください。',
  ],
  'upstream.command_not_found/arguments': [
    'コマンド「{command}」が見つかりません。',
    '「command」には「{first}」だけを書き、引数は「args」に一つずつ書いてください。',
  ],
  'upstream.connect_timeout': [
    '{where} に時間内に接続できませんでした（{code}）。',
    'アドレス、ネットワーク、ファイアウォールやプロキシを確認してください。',
  ],
  'upstream.exited/code': [
    'サーバーがコード {code} で終了しました。',
    'ログで詳細を確認し、コマンド、引数、環境変数を修正してください。',
  ],
  'upstream.exited/code_lines': [
    'サーバーがコード {code} で終了しました。最後の出力: {lines}',
    'ログで詳細を確認し、コマンド、引数、環境変数を修正してください。',
  ],
  'upstream.exited/code_why': [
    'サーバーがコード {code} で終了しました（{why}）。',
    'ログで詳細を確認し、コマンド、引数、環境変数を修正してください。',
  ],
  'upstream.exited/code_why_lines': [
    'サーバーがコード {code} で終了しました（{why}）。最後の出力: {lines}',
    'ログで詳細を確認し、コマンド、引数、環境変数を修正してください。',
  ],
  'upstream.exited/signal': [
    'サーバーがシグナル {signal} で終了しました。',
    'ログで詳細を確認し、コマンド、引数、環境変数を修正してください。',
  ],
  'upstream.exited/signal_lines': [
    'サーバーがシグナル {signal} で終了しました。最後の出力: {lines}',
    'ログで詳細を確認し、コマンド、引数、環境変数を修正してください。',
  ],
  'upstream.exited/signal_why': [
    'サーバーがシグナル {signal} で終了しました（{why}）。',
    'ログで詳細を確認し、コマンド、引数、環境変数を修正してください。',
  ],
  'upstream.exited/signal_why_lines': [
    'サーバーがシグナル {signal} で終了しました（{why}）。最後の出力: {lines}',
    'ログで詳細を確認し、コマンド、引数、環境変数を修正してください。',
  ],
  'upstream.forbidden': [
    '{where} のサーバーはこの操作を許可していません。',
    '権限のあるアカウントかキーを使うか、サーバーの運営者に問い合わせてください。',
  ],
  'upstream.forbidden/said': [
    '{where} のサーバーはこの操作を許可していません: {excerpt}',
    '権限のあるアカウントかキーを使うか、サーバーの運営者に問い合わせてください。',
  ],
  'upstream.foreign_endpoint': [
    '{where} のサーバーはメッセージを別の場所へ送るよう求めています。',
    '同じオリジンだけを受け付けます。「url」かサーバーを修正してください。',
  ],
  'upstream.http_status/now': [
    '{where} のサーバーがステータス {status} を返しました。',
    'アドレスと、サーバーが求めている内容を確認してください。',
  ],
  'upstream.http_status/now_said': [
    '{where} のサーバーがステータス {status} を返しました: {excerpt}',
    'アドレスと、サーバーが求めている内容を確認してください。',
  ],
  'upstream.http_status/later': [
    '{where} のサーバーがステータス {status} を返しました。',
    'サーバー側の問題です。しばらくしてから試してください。',
  ],
  'upstream.http_status/later_said': [
    '{where} のサーバーがステータス {status} を返しました: {excerpt}',
    'サーバー側の問題です。しばらくしてから試してください。',
  ],
  'upstream.inspection_ended': [
    'サーバーが {seconds} 秒以内に提供内容を示さなかったか、検査が終了されました。',
    '検査のログに詳細があるかもしれません。もう一度検査してください。',
  ],
  'upstream.installing': [
    '「{server}」のインストールがすでに進行中です。',
    '終わるまで待つか、中止してください。',
  ],
  'upstream.no_installation': [
    '「{server}」のインストールは行われていません。',
    'もう一度インストールを始めてください。',
  ],
  'upstream.not_a_program': [
    '「{server}」はリモートサーバーのため、ここには何もインストールしません。',
    'プログラムであるサーバーを選んでください。',
  ],
  'upstream.list_unread': [
    'サーバーは提供内容の変更を通知しましたが、{seconds} 秒以内に一覧を返しませんでした。',
    'もう一度試してください。続く場合はサーバーを再起動してください。',
  ],
  'upstream.name_not_found': [
    '{where} のコンピューター名を解決できません（{code}）。',
    '「url」の名前とネットワークを確認してください。',
  ],
  'upstream.no_transport': [
    'このアドレスのサーバーは Streamable HTTP にも SSE にも対応していません。',
    '設定の「url」を修正してください。多くは /mcp か /sse で終わります。',
  ],
  'upstream.not_executable': [
    'コマンド「{command}」を実行する権限がありません。',
    'ファイルを実行可能にするか、それを実行するプログラムを指定してください。',
  ],
  'upstream.not_executable/directory': [
    'コマンド「{command}」はディレクトリです。',
    '実行するプログラムを指定してください。',
  ],
  'upstream.not_mcp/ended': [
    'MCP サーバーではありません。「{text}」と出力して終了しました。',
    'コマンドと引数を確認してください。stdio の MCP にオプションやサブコマンドが必要なプログラムもあります。',
  ],
  'upstream.not_mcp/silent': [
    'MCP サーバーではありません。「{text}」と出力しただけで応答しませんでした。',
    'コマンドと引数を確認してください。stdio の MCP にオプションやサブコマンドが必要なプログラムもあります。',
  ],
  'upstream.not_mcp/echo': [
    'MCP サーバーではありません。「{text}」をそのまま返してきました。',
    'コマンドと引数を確認してください。stdio の MCP にオプションやサブコマンドが必要なプログラムもあります。',
  ],
  'upstream.not_mcp/endless': [
    'MCP サーバーではありません。「{text}」と出力し、止まりません。',
    'コマンドと引数を確認してください。stdio の MCP にオプションやサブコマンドが必要なプログラムもあります。',
  ],
  'upstream.not_mcp/address': [
    'このアドレスにあるのは MCP サーバーではありません。',
    '「url」を修正してください。多くは /mcp か /sse で終わります。',
  ],
  'upstream.not_reading': [
    'サーバーが {size} を読み取らないまま止まっています。',
    '応答がないため再起動します。ログに詳細があるかもしれません。',
  ],
  'upstream.not_sse': [
    '{where} のサーバーは SSE トランスポートに対応していません。',
    'トランスポートを「http」にするか、「url」を修正してください。SSE のアドレスは多くが /sse で終わります。',
  ],
  'upstream.package_not_found': [
    'レジストリにパッケージ「{package}」がありません。',
    '「args」の名前を修正してください。非公開パッケージには「env」でレジストリの指定が必要です。',
  ],
  'upstream.pipe_closed/input': [
    'サーバーが入力を閉じたまま動作を続けており、通信できません。',
    '再起動します。詳細はログを確認してください。',
  ],
  'upstream.pipe_closed/output': [
    'サーバーが出力を閉じたまま動作を続けており、通信できません。',
    '再起動します。詳細はログを確認してください。',
  ],
  'upstream.protocol_mismatch': [
    'サーバーのプロトコルのリビジョンに、Gatehouse が使えるものがありません。',
    'このサーバーの「protocol」を「auto」にしてください。すでにそうなら、サーバーか Gatehouse を更新してください。',
  ],
  'upstream.proxy_failed': [
    'サーバーへの接続はプロキシ {where} を経由しますが、使用できません。',
    '環境変数の HTTPS_PROXY か HTTP_PROXY を修正するか、NO_PROXY にサーバーを指定してください。',
  ],
  'upstream.redirected': [
    '{where} のサーバーが別の場所へ転送しました。キーとセッションは引き継がれません。',
    'その先を信頼できる場合は「url」に書いてください。',
  ],
  'upstream.refused': [
    '{where} から応答がありません（{code}）。',
    'サーバーが動作しているか、「url」のポートを確認してください。自動的に再試行します。',
  ],
  'upstream.runtime_missing/unknown': [
    '必要なコマンド「{program}」が見つかりません。',
    'インストールするか、「env」の PATH を修正してください。',
  ],
  'upstream.runtime_missing/known': [
    '必要なコマンド「{program}」（{runtime}）が見つかりません。',
    '{runtime}（{address}）をインストールしてから、もう一度試してください。',
  ],
  'upstream.runtime_missing/needed_unknown': [
    'コマンド「{command}」に必要な「{program}」が見つかりません。',
    'インストールするか、「env」の PATH を修正してください。',
  ],
  'upstream.runtime_missing/needed_known': [
    'コマンド「{command}」に必要な「{program}」（{runtime}）が見つかりません。',
    '{runtime}（{address}）をインストールしてから、もう一度試してください。',
  ],
  'upstream.runtime_missing/interpreter': [
    'コマンド「{command}」はありますが、1 行目で指定されたインタープリターがありません。',
    'そのインタープリターをインストールするか、別のものをコマンドにして、このファイルを「args」に書いてください。',
  ],
  'upstream.script_not_found': [
    '「{program}」が実行するファイル「{path}」が存在しません。',
    '「args」のパスを修正するか、必要なものをインストールしてください。相対パスの起点は「cwd」です。',
  ],
  'upstream.session_lost': [
    '{where} のサーバーがセッションを終了しました。',
    '新しいセッションを始めるため、操作は不要です。',
  ],
  'upstream.spawn_failed': [
    'コマンド「{command}」を起動できませんでした（{why}）。',
    '同じコマンドをターミナルで試すと、詳しいエラーが分かります。',
  ],
  'upstream.spawn_failed/batch': [
    'コマンド「{command}」はバッチファイルで、引数に改行を含められません。',
    'それが起動するプログラムを直接指定してください。',
  ],
  'upstream.start_timeout': [
    'サーバーが最初の問いに {seconds} 秒以内に応答しませんでした。',
    'ログに理由があるかもしれません。初回起動で多くをダウンロードする場合は「startTimeoutMs」を長くしてください。',
  ],
  'upstream.start_timeout/fast': [
    'サーバーが最初の問いに {ms} ms 以内に応答しませんでした。',
    '「startTimeoutMs」を長くしてください。',
  ],
  'upstream.stopped': [
    'サーバーは停止されました。',
    'もう一度オンにするか、再起動が終わるまで待ってください。',
  ],
  'upstream.stream_broken': [
    '{where} のサーバーが応答の途中で切断しました。',
    'もう一度試してください。リクエストが実行されたかどうかは分かりません。',
  ],
  'upstream.stream_ended': [
    '{where} のサーバーが応答用のストリームを終了しました。',
    '自動的に再接続するため、操作は不要です。',
  ],
  'upstream.stream_ended/changes': [
    'サーバーが変更を知らせるストリームを終了しました。',
    '自動的に開き直すため、操作は不要です。',
  ],
  'upstream.timeout': [
    'サーバーが {seconds} 秒以内に応答しませんでした。',
    'もう一度試すか、設定で待ち時間を長くしてください。',
  ],
  'upstream.tls_failed': [
    '{where} への暗号化接続を信頼できないか、確立できませんでした（{code}）。',
    '証明書の発行者を信頼できる場合は、「tls」の「caFile」にそのファイルを指定してください。',
  ],
  'upstream.tls_failed/expired': [
    '{where} への暗号化接続を信頼できません（{code}）。',
    '運営者による証明書の更新が必要です。このコンピューターの時計も確認してください。',
  ],
  'upstream.tls_failed/name': [
    '{where} への暗号化接続を信頼できません（{code}）。',
    '証明書は別の名前のものです。「url」のアドレスを修正してください。',
  ],
  'upstream.tls_failed/plain': [
    '{where} への暗号化接続を確立できませんでした（{code}）。',
    'ポートと、http:// とすべきアドレスが https:// になっていないかを確認してください。',
  ],
  'upstream.too_large': [
    'サーバーの応答が {size} を超えています。',
    '一度に求める量を減らすか、このサーバーの「maxResultBytes」を大きくしてください。',
  ],
  'upstream.too_large/address': [
    '{where} のサーバーが 1 回の応答で {size} を超えて送信しました。',
    '一度に求める量を減らすか、このサーバーの「maxResultBytes」を大きくしてください。',
  ],
  'upstream.too_large/message': [
    'サーバーが 1 つのメッセージで {size} を超えて送信しました。',
    '一度に求める量を減らしてください。サーバーは再起動します。',
  ],
  'upstream.unauthorized': [
    '{where} のサーバーは認証を求めており、提示した情報は受け入れられませんでした。',
    'サーバーにサインインするか、「headers」のキーを修正してください。',
  ],
  'upstream.unknown': [
    '「{server}」という名前のサーバーはありません。',
    'サーバーの一覧で名前を確認してください。',
  ],
  'upstream.unreachable': [
    '{where} のサーバーに接続できません（{code}）。',
    '動作していることとアドレスを確認してください。次のリクエストで再試行します。',
  ],
  'upstream.unresponsive': [
    'サーバーが生存確認に {count} 回続けて応答しませんでした。',
    '再起動します。ログに原因があるかもしれません。「healthCheckSeconds」を 0 にするとこの確認を止められます。',
  ],
  'signin.needed': [
    'サーバー「{server}」がサインインを求めています。',
    'Gatehouse のサーバーのページでサインインしてください。',
  ],
  'signin.needed/again': [
    'サーバー「{server}」がもう一度サインインするよう求めています。',
    'Gatehouse のサーバーのページでサインインしてください。',
  ],
  'signin.more_scopes': [
    'サーバー「{server}」はこの操作に追加の権限を求めています: {scopes}',
    'もう一度サインインして許可してください。',
  ],
  'signin.not_accepted': [
    'サーバー「{server}」は、認可サーバーが発行したばかりのトークンを受け付けません。',
    '「url」がサーバー自身の示すアドレスか、また「scopes」を確認してください。または運営者に問い合わせてください。',
  ],
  'signin.discovery_failed': [
    '「{server}」へのサインイン方法が分かりませんでした。',
    '「url」とネットワークを確認してください。サーバーが認可サーバーを示さない場合は「oauth」の「issuer」を設定してください。',
  ],
  'signin.no_client': [
    '「{server}」の認可サーバーに Gatehouse を登録できませんでした。',
    'ご自身でアプリケーションを登録し、サーバーの「oauth」に「clientId」（と「clientSecret」）を設定してください。',
  ],
  'signin.port_busy': [
    'ブラウザーの戻り先であるこのコンピューターのポート {port} は、別のプログラムが使用中です。',
    'そのプログラムを終了するか、このクライアントに別の「redirectUri」を登録してください。',
  ],
  'signin.denied': [
    '「{server}」へのサインインが拒否されました（{words}）。',
    'サーバーの「oauth」の「clientId」「scopes」「redirectUri」を確認してから、もう一度サインインしてください。',
  ],
  'signin.denied/by_user': [
    '「{server}」へのサインインが拒否されました（{words}）。',
    'もう一度サインインして同意するか、別のアカウントを使ってください。',
  ],
  'signin.wrong_issuer': [
    '「{server}」のサインインへの応答が、問い合わせた認可サーバーからのものではありません。',
    'どちらにも何も送信していません。もう一度サインインし、続く場合はこのサーバーを使わず、運営者に問い合わせてください。',
  ],
  'signin.wrong_callback': [
    'これは「{server}」のサインイン後に表示されるアドレスではありません。',
    '最後に始めたサインインの終わりにブラウザーに表示されたアドレス全体を貼り付けてください。',
  ],
  'signin.not_waiting': ['「{server}」へのサインインは進行していません。', 'サインインを始めてください。'],
  'signin.timeout': [
    '「{server}」へのサインインが {minutes} 分以内に完了しませんでした。',
    'もう一度サインインしてください。',
  ],
  'signin.cancelled': ['「{server}」へのサインインは中止されました。', 'もう一度サインインしてください。'],
  'signin.token_refused': [
    '「{server}」の認可サーバーに拒否されました: {words}',
    'サーバーの「oauth」の「clientId」「clientSecret」「scopes」を確認してから、もう一度サインインしてください。',
  ],
  'signin.provider_down': [
    '「{server}」の認可サーバーに現在問い合わせできません。',
    'ネットワークを確認してください。サインインは維持され、自動的に再試行します。',
  ],
  'signin.not_possible': [
    '「{server}」はサインインするリモートサーバーではありません。',
    '対象は「url」があり、独自の「Authorization」ヘッダーがなく、「oauth」の「enabled」が false でないサーバーだけです。',
  ],
  'signin.forbidden_address': [
    'サーバーが、問い合わせを許可しないアドレスを示しました。',
    '認可サーバーのアドレスは https:// です。サーバーの運営者に問い合わせてください。',
  ],
} as const;
