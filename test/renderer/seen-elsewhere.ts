/** Codes that no screen shows, and why: they need no sentences in the catalogs of the screens. */
export const seenElsewhere: readonly { readonly codes: RegExp; readonly because: string }[] = [
  {
    codes:
      /^args\.|^app\.(no_display|no_token|not_running|not_started|required_server)$|^bridge\.(lost|bad_answer)$/,
    because: 'They end a command in a terminal, before or without any screen.',
  },
  {
    codes:
      /^config\.partly_usable$|^clients\.not_agreed$|^secrets\.input_|^activity\.no_row$|^admin\.password_mistyped$/,
    because: 'Only commands of the command line give them.',
  },
  {
    codes: /^gateway\.(?!port_in_use$|address_unavailable$|listen_failed$)/,
    because: 'They answer a client at the door; a screen never passes it.',
  },
  {
    codes: /^call\.(denied|not_decided|tool_changed|too_many_waiting)$|^identity\.not_allowed$/,
    because: 'They answer a call of a client.',
  },
  {
    codes: /^trust\.(pending|changed|blocked|tool_off|tool_filtered)$/,
    because: 'They answer a call of a client; screens show what is held in words of their own.',
  },
  {
    codes:
      /^upstream\.(not_ready|busy|ask_ended|asks_refused|too_many_(calls|asks|rounds|sessions|subscriptions))$/,
    because: 'They answer a call, or a question, of a client, or stand in logs only.',
  },
  {
    codes: /^identity\.(sign_in_(denied|timed_out|replaced)|code_reused|token_reused|registrations_damaged)$/,
    because: 'They stand in the log and in the record of what happened, and answer a client that signs in.',
  },
  {
    codes: /^admin\.(not_found|wrong_method)$/,
    because: 'They answer requests for addresses that no page of ours asks for.',
  },
];
