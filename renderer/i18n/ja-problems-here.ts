/** Problems of the app itself, its endpoint, settings, secrets and the activity log, in Japanese: what happened, and what to do. */

export const here = {
  'app.node_too_old': ['Node.js {version} は古すぎます。', 'Node.js 20.19 以降をインストールしてください。'],
  'app.data_dir_unusable': [
    '{path} は書き込み可能なディレクトリではありません。',
    '権限を修正するか、別の --data-dir を選んでください。',
  ],
  'app.address_taken': [
    '{address} を使用できません（{why}）。',
    '使用中のプログラムを終了するか、config.json の「listen」を変更してください。',
  ],
  'app.program_missing/npx': [
    'npx が PATH にないか、応答しません。',
    'npm のサーバーを使うには Node.js（https://nodejs.org）をインストールしてください。',
  ],
  'app.program_missing/uvx': [
    'uvx が PATH にないか、応答しません。',
    'PyPI のサーバーを使うには uv（https://docs.astral.sh/uv）をインストールしてください。',
  ],
  'app.program_missing/docker': [
    'docker が PATH にないか、応答しません。',
    'イメージで提供されるサーバーを使うには Docker をインストールしてください。',
  ],
  'app.already_running': [
    'データフォルダー {path} を使う Gatehouse がすでに動作しています。',
    '動作中のものを使うか終了するか、別の --data-dir を選んでください。',
  ],
  'app.foreign_folder': [
    'フォルダー {path} は別のユーザーのものです。',
    '削除するか、別の --data-dir を選んでください。',
  ],
  'app.open_to_network': [
    'トークンなしのエンドポイントは、このコンピューターだけで待ち受けできます。{host} では使えません。',
    '--no-auth（または「required」: false）をやめるか、127.0.0.1 を使ってください。',
  ],
  'gateway.port_in_use': [
    '{host} のポート {port} は別のプログラムが使用中です。',
    'そのプログラムを終了するか、--listen または設定の「listen」で別のポートを選んでください。',
  ],
  'gateway.address_unavailable': [
    'このコンピューターにアドレス {host} はありません。',
    '127.0.0.1 か、このコンピューターのアドレスを使ってください。',
  ],
  'gateway.listen_failed': [
    '{where} でエンドポイントを開けませんでした（{why}）。',
    '別のアドレスを選んでください。',
  ],
  'gateway.listen_failed/rights': [
    '{where} でエンドポイントを開けませんでした（{why}）。',
    '1024 以上のポートを選んでください。',
  ],
  'internal.unexpected': [
    '予期しないエラーが発生しました。',
    'Gatehouse の不具合です。ログに詳細がありますので、ご報告ください。',
  ],
  'bridge.failed': [
    'Gatehouse が応答しませんでした。',
    'もう一度試してください。続く場合は Gatehouse を再起動してください。',
  ],
  'bridge.unknown_name': [
    'そのようなコマンドはありません。',
    'ウィンドウと本体のバージョンを揃えるため、Gatehouse を再起動してください。',
  ],
  'ipc.bad_arguments': [
    'コマンドを読み取れません。',
    'ウィンドウと本体のバージョンを揃えるため、Gatehouse を再起動してください。',
  ],
  'ipc.foreign_sender': [
    'Gatehouse に指示できるのは Gatehouse のウィンドウだけです。',
    'Gatehouse のウィンドウを使ってください。',
  ],
  'ipc.unknown_command': [
    'そのようなコマンドはありません。',
    'ウィンドウと本体のバージョンを揃えるため、Gatehouse を再起動してください。',
  ],
  'ipc.too_many_commands': [
    'ウィンドウから一度に多すぎるコマンドが送られました。',
    '1 秒待ってからもう一度試してください。続く場合は Gatehouse を再起動してください。',
  ],
  'command.unknown': [
    'コマンド「{command}」はありません。',
    '各部のバージョンが異なるため、Gatehouse を更新してください。',
  ],
  'command.bad_arguments': [
    'コマンドに正しくない値が渡されました。',
    '各部のバージョンが異なるため、Gatehouse を更新してください。',
  ],
  'desktop.unavailable': [
    'これはデスクトップアプリでのみ可能で、Web 管理画面ではできません。',
    'Gatehouse が動作しているコンピューターで行ってください。',
  ],
  'desktop.unavailable/config': [
    'これはデスクトップアプリでのみ可能で、Web 管理画面ではできません。',
    'Gatehouse が動作しているコンピューターで {file} を編集してください。保存するとすぐ反映されます。',
  ],
  'desktop.unavailable/connect': [
    'これはデスクトップアプリでのみ可能で、Web 管理画面ではできません。',
    'Gatehouse が動作しているコンピューターで gatehouse connect を実行してください。',
  ],
  'desktop.open_failed/config': [
    '設定ファイルを開けませんでした: {fault}',
    'お好みのエディターで開いてください: {file}',
  ],
  'desktop.open_failed/settings': [
    'クライアントの設定ファイルを開けませんでした: {fault}',
    'お好みのエディターで開いてください: {file}',
  ],
  'desktop.open_failed/bundle': ['バンドルを開けませんでした: {fault}', 'ご自身で開いてください: {file}'],
  'desktop.open_failed/folder': [
    'フォルダーを開けませんでした: {fault}',
    'お好みのファイルマネージャーで開いてください: {path}',
  ],
  'preferences.shortcut_taken': [
    'キー {keys} は別のプログラムかシステムが使用中です。',
    '設定で別のキーを選んでください。',
  ],
  'preferences.invalid': ['そのような設定値はありません。', '設定画面に示された値から選んでください。'],
  'preferences.not_saved': [
    '設定を保存できませんでした。',
    'データフォルダーに書き込めること、ディスクに空きがあることを確認してください。',
  ],
  'startup.not_written': [
    'ファイル {file} を変更できませんでした。',
    'ファイルとそのフォルダーの書き込み権限を確認してください。',
  ],
  'startup.not_installed': [
    'ログイン時に起動できるのは、インストールしたアプリだけです。',
    'Gatehouse をインストールするか、システムのログイン項目にご自身で追加してください。',
  ],
  'startup.has_secret': [
    'コマンドラインに秘密の値を付けて起動されており、それをファイルに残すことはできません。',
    'トークンをシークレットとして保存し、設定に "auth": {"token": "${keyring:NAME}"} と書いて、付けずに起動してください。',
  ],
  'settings.port_taken': [
    'ポート {port} は別のプログラムが使用中です。',
    '何も変更していません。1024 から 65535 までの別のポートを選んでください。',
  ],
  'settings.port_taken/other': [
    '{address} を使用できません（{why}）。',
    '何も変更していません。1024 から 65535 までの別のポートを選んでください。',
  ],
  'settings.open_without_token': [
    '他から接続できるエンドポイントには必ずトークンが必要です。',
    'トークンを必須にするか、このコンピューターだけが接続できるようにしてください。',
  ],
  'settings.said_outside': [
    'これは Gatehouse を起動したコマンドラインで指定されており、設定より優先されます。',
    'そのオプションを付けずに起動してください。',
  ],
  'activity.unavailable': [
    'アクティビティログを使用できません。呼び出しは動作しますが、記録されません。',
    'データフォルダーに書き込めること、ディスクに空きがあることを確認し、再起動してください。続く場合は再インストールしてください。',
  ],
  'activity.calls_lost': [
    'ディスクへの書き込みが追いつかず、{count} 件の呼び出しを記録できませんでした。',
    '呼び出し自体に影響はありません。データフォルダーのディスクの空きと負荷を確認してください。',
  ],
  'activity.calls_lost/one': [
    'ディスクへの書き込みが追いつかず、1 件の呼び出しを記録できませんでした。',
    '呼び出し自体に影響はありません。データフォルダーのディスクの空きと負荷を確認してください。',
  ],
  'activity.damaged': [
    'アクティビティログが破損していたため、新しく始めました。',
    '以前のものは {kept} として残してあります。不要なら削除してください。',
  ],
  'activity.newer_version': [
    'アクティビティログは新しいバージョンの Gatehouse で書かれています。',
    'Gatehouse を更新するか、activity.db を移動して新しいログを始めてください。',
  ],
  'activity.read_failed': [
    'アクティビティログを読み取れませんでした。',
    'もう一度試してください。続く場合はデータフォルダーのディスクを確認してください。',
  ],
  'activity.write_failed': [
    'アクティビティログに書き込めませんでした。再試行を続けます。',
    'データフォルダーのディスクに空きがあり、書き込めることを確認してください。',
  ],
  'activity.export_failed': [
    'エクスポートを書き込めませんでした。',
    'データフォルダーのディスクに空きがあり、書き込めることを確認してください。',
  ],
  'activity.bad_time': [
    '指定された期間の終わりが始まりより前です。',
    '始まりより後の終わりを選んでください。',
  ],
  'secrets.keychain_unavailable': [
    'システムのキーチェーンを使用できません。',
    'キーチェーンのロックを解除し、Gatehouse による使用を許可してください。',
  ],
  'secrets.keychain_unavailable/linux': [
    'システムのキーチェーンを使用できません。',
    'キーリング（GNOME Keyring か KWallet）のあるデスクトップセッションを開始し、ロックを解除してください。',
  ],
  'secrets.keychain_unavailable/off': [
    'キーチェーンの使用がオフになっています。',
    'GATEHOUSE_KEYCHAIN=off を付けずに起動してください。',
  ],
  'secrets.keychain_gone': [
    'シークレットはシステムのキーチェーンにありますが、今は使用できません。',
    'ロックを解除するか、保存したときのデスクトップセッションにログインしてください。何も失われていません。',
  ],
  'secrets.safe_storage_gone': [
    'シークレットは、このログインの鍵を使うデスクトップアプリだけが開けるファイルにあります。',
    '保存したときのセッションでデスクトップアプリを使ってください。何も失われていません。',
  ],
  'secrets.damaged': [
    '暗号化ファイル {file} を開けません。破損しているか、鍵が一致しません。',
    'ファイルと鍵をバックアップから戻すか、両方を削除してシークレットを保存し直してください。',
  ],
  'secrets.file_failed': [
    'ファイル {file} を読み書きできません。',
    'データフォルダーに書き込めること、ディスクに空きがあることを確認してください。',
  ],
  'secrets.busy': [
    '別のプロセスがシークレットを書き込み中です（{file}）。',
    'もう一度試してください。他に Gatehouse が動作していなければ、このファイルを削除してください。',
  ],
  'secrets.bad_name': [
    'シークレットの名前として使えません。',
    '名前は A-Z a-z 0-9 _ . @ : / - の 1 ～ 128 文字で、「-」以外で始めてください。',
  ],
  'secrets.bad_value': [
    'シークレットは 1 ～ 65,536 バイトで、NUL 文字を含められません。',
    '入力した値を確認してください。',
  ],
  'secrets.env_missing': [
    '{written} が示す環境変数は Gatehouse にありません。',
    'Gatehouse の起動前に {name} を設定するか、${keyring:{name}} を使ってください。',
  ],
  'secrets.secret_missing': [
    '{written} が示すシークレットは保存されていません。',
    '設定のシークレットで {name} を保存するか、gatehouse secret set {name} を実行してください。',
  ],
  'secrets.unknown_reference': [
    '{written} は Gatehouse が認識する参照ではありません。',
    '使えるのは ${env:NAME} と ${keyring:name} です。そのままの「${」は「$${」と書きます。',
  ],
  'secrets.not_kept': [
    '新しい保存先が「{name}」を正しく保持しなかったため、何も移動していません。',
    '今の保存先を使い続けてください。何も失われていません。',
  ],
  'secrets.not_found': [
    'シークレット「{name}」はありません。',
    'シークレットの一覧で名前を確認してください。',
  ],
} as const;
