/** Problems of containers and terminals, in Japanese: what happened, and what to do. */

export const containers = {
  'isolation.engine_not_found': [
    'このコンピューターにコンテナーエンジンが見つかりません。',
    'Docker か Podman をインストールするか、コンテナーなしで続けてください。',
  ],
  'isolation.engine_forbidden': [
    '{endpoint} にコンテナーエンジンがありますが、使用する権限がありません。',
    'グループ「docker」に自分を追加してログインし直すか、ルートレスの Docker か Podman を使ってください。',
  ],
  'isolation.engine_refused': [
    '{endpoint} にコンテナーエンジンが設定されていますが、動作していません。',
    'Docker Desktop、または Docker か Podman のサービスを起動してください。',
  ],
  'isolation.engine_silent': [
    '{endpoint} のコンテナーエンジンが時間内に応答しません。',
    '起動中かもしれません。少し待つか、再起動してください。',
  ],
  'isolation.engine_unusable': [
    'コンテナーエンジン（{endpoint}）を使用できません。',
    'DOCKER_HOST と、ターミナルで `docker version` が動くことを確認してください。',
  ],
  'isolation.engine_lost': [
    'コンテナーエンジンとの接続が失われました。',
    'Docker か Podman を起動してください。サーバーは自動的に起動します。',
  ],
  'isolation.bad_engine': [
    'コンテナーエンジンのアドレスを使用できません。',
    'DOCKER_HOST か「isolation」の「engine」を修正してください。例: unix:///path、tcp://host:2376、ssh://user@host',
  ],
  'isolation.unsafe': [
    '設定が隔離を弱めているため、サーバーを起動しません。',
    '「isolation」からそれを取り除いてください。意図したものなら「unsafe」: true を加えてください。',
  ],
  'isolation.bad_option': [
    'コンテナーのオプション「{option}」は使用できません。',
    '「extraArgs」から取り除くか、修正してください。',
  ],
  'isolation.bad_option/volume': [
    'オプション「--volume」がこのコンピューターのフォルダーを示していません。',
    '「mounts」に書いてください。',
  ],
  'isolation.bad_host': [
    '「allow」の「{host}」はホスト名ではありません。',
    'api.example.com、*.example.com、db.example.com:5432 のように書いてください。',
  ],
  'isolation.not_contained': [
    'サーバー「{server}」はコンテナーで動作していないため、ネットワークを制限できません。',
    'まず "isolation": {"mode": "container"} を設定してください。',
  ],
  'isolation.not_asked': [
    'サーバー「{server}」は Gatehouse の起動後に {host} への接続を求めていません。',
    'サーバーのページをもう一度確認するか、「isolation」の「allow」にホストを書いてください。',
  ],
  'isolation.bad_user': [
    'コンテナーの「user」が uid または uid:gid の形式ではありません。',
    '「1000:1000」のように書くか、省いてください。',
  ],
  'isolation.bad_variable': [
    '隔離されたサーバーに「{name}」という名前の変数は渡せません。',
    '「env」の名前は英数字と「_」で、数字以外で始めてください。',
  ],
  'isolation.no_image': [
    'プログラム「{program}」を含むイメージが分かりません。',
    'サーバーの「isolation」の「image」に指定してください。',
  ],
  'isolation.no_launcher': [
    'イメージ「{image}」にはシェルも Node.js も Python もないため、シークレットを安全に渡せません。',
    'シェルのあるイメージを使うか、${keyring:name} のような参照なしで設定してください。',
  ],
  'isolation.no_such_image': [
    'コンテナーエンジンにイメージ「{image}」がありません。',
    '名前を修正してください。使用するサーバーが自動的にダウンロードします。',
  ],
  'isolation.pull_failed': [
    'イメージ「{image}」をダウンロードできませんでした: {why}',
    '名前とネットワークを確認するか、サーバーの「isolation」に別の「image」を指定してください。',
  ],
  'isolation.image_changed': [
    'イメージ「{image}」が以前のものと異なります（{before} から {now}）。',
    '想定どおりなら承認してください: gatehouse image approve {image}',
  ],
  'isolation.mount_missing': [
    'サーバーに見せる「{path}」が存在しないか、参照できません。',
    '作成するか、サーバーの「isolation」の「mounts」を修正してください。',
  ],
  'isolation.mount_refused': [
    '「{path}」はどのサーバーにも見せられません。',
    'サーバーに必要なフォルダーだけを「mounts」に書いてください。',
  ],
  'isolation.remote_mounts': [
    '{endpoint} のエンジンは別のコンピューターで動作しており、このコンピューターのパスを使えません。',
    'サーバーの「isolation」から「mounts」を取り除くか、このコンピューターのエンジンを使ってください。',
  ],
  'isolation.egress_failed': [
    '隔離されたサーバーがネットワークに出るためのプロキシが動作していません。',
    'エンジンがネットワークを作成できるか確認するか、サーバーの「network」を「none」か「bridge」にしてください。',
  ],
  'isolation.start_failed': [
    'コンテナーエンジンが「{image}」のコンテナーを起動できませんでした: {why}',
    'ターミナルで `docker run --rm IMAGE` を試すと、詳しいエラーが分かります。',
  ],
  'isolation.start_failed/rights': [
    'コンテナーエンジンが「{image}」のコンテナーを起動できませんでした: {why}',
    'エンジン自体の権限が足りないかもしれません。ターミナルで `docker run --rm IMAGE` を試してください。',
  ],
  'isolation.stopped': ['コンテナーが起動する前にサーバーが停止されました。', 'もう一度オンにしてください。'],
  'terminal.host_off': [
    'このコンピューター自体のターミナルはオフになっています。',
    'このページを開ける人があなたと同じ操作をしてよいなら、設定に "terminal": {"onThisComputer": true} と書いてください。',
  ],
  'terminal.no_container': [
    '「{server}」はコンテナーで動作していません。',
    'まず "isolation": {"mode": "container"} を設定してください。',
  ],
  'terminal.not_running': [
    '「{server}」のコンテナーが動作していません。',
    'サーバーをオンにし、起動しない場合はログを確認してください。',
  ],
  'terminal.no_shell': [
    'コンテナーでシェルを起動できませんでした。',
    '/bin/sh のあるイメージを選ぶか、サーバーのログを確認してください。',
  ],
  'terminal.remote': [
    '「{server}」は別のコンピューターで動作しているため、ここにターミナルはありません。',
    'プログラムであるサーバーを選んでください。',
  ],
  'terminal.failed': [
    'シェル {file} を起動できませんでした。',
    'シェルとそのフォルダーが存在するか確認してください。',
  ],
  'terminal.unavailable': [
    'このコンピューターでターミナルを開く部品を読み込めません。',
    'Gatehouse を再インストールしてください。x64 と arm64 の Linux、macOS、Windows に対応しています。',
  ],
  'terminal.too_many': ['開いているターミナルが多すぎます。', '先にどれかを閉じてください。'],
  'terminal.unknown': [
    'そのようなターミナルはありません。',
    'もう一度開いてください。ターミナルは開いたページとともに終了します。',
  ],
  'terminal.no_page': [
    'ターミナルはページから開き、そのページとともに終了します。',
    'ウィンドウか Web 管理画面のサーバーのページで開いてください。',
  ],
  'terminal.not_reading': [
    'ターミナルのプログラムが入力を読み取っていません。',
    'しばらく待つか、Ctrl+C で中断するか、ターミナルを閉じてください。',
  ],
} as const;
