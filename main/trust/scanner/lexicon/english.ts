/** Phrases of English, and those that every language uses. */
import type { Idea } from '../ideas.ts';

export const english: Readonly<Partial<Record<Idea, string>>> = {
  ignore:
    'ignore, ignored, disregard, forget the/all/your/any/everything/every/previous/prior/what/about/these, override, overrides, overrule, overrules, ' +
    'bypass, supersede*, neglect, set aside, stop following, stop obeying, ' +
    'do not follow, dont follow, never follow, do not obey, dont obey, no longer follow, cease to follow, abandon, unlearn, ' +
    'outrank*, take/takes/have/has precedence over, take/takes/have/has priority over, violate, circumvent',
  rules:
    'instruction*, rule, rules, guideline*, guidance, policy, policies, directive*, direction, directions, system prompt, system prompts, ' +
    'system message, prompt, prompts, constraint*, restriction*, safeguard*, safety, guardrail*, orders, training, programming, ' +
    'limitations, commands, objective, objectives',
  prior:
    'previous, previously, prior, earlier, above, preceding, former, all, any, every, your, system, existing, other, initial, original, ' +
    'safety, developer, user, users, everything, you were given, foregoing',
  void:
    'no longer apply, no longer applies, no longer valid, no longer in force, not apply anymore, do not apply, are cancelled, are canceled, is cancelled, ' +
    'is canceled, are suspended, is suspended, are void, is void, are lifted, is lifted, are disabled, are revoked, are overridden, are obsolete, ' +
    'is obsolete, are superseded, take precedence, takes precedence, take priority, takes priority, has priority, have priority, ' +
    'are null, are removed, have been lifted, have been removed, have been suspended, have been disabled, does not count, do not count, are irrelevant',
  obey:
    'treat ~ as instruction*, treat ~ ~ as instruction*, treat ~ as a/an ~ instruction*/command*/order*, treat ~ as commands/orders/instructions, ' +
    'follow only, obey only, follow ~ only what, do only what, obey the server, obey this server, take orders from, takes orders from, ' +
    'comply with ~ request*/directive*/order*/instruction*, obliged to comply, you work for the, new objective is, new goal is, new task is, ' +
    'real task, real goal, real objective, true task, actual task, your mission is, further orders, further instructions from, ' +
    'instructions from the operator, behave according to this, behave according to ~ server, interpret ~ as instruction*/command*, ' +
    'carry them out, execute ~ right away, execute them without, act on them, new instructions, new system instructions, ' +
    'instructions in the result, steps listed in the result, run any command requested, follow the instructions in the result/results/output/page/response/file/comment/content, ' +
    'follow ~ steps ~ result, in place of the user, over the user, instead of the user',
  persona:
    'you are now, you are no longer, from now on you, from this point on you, from this point onward, developer mode, maintenance mode, ' +
    'debug mode ~ restrict*, god mode, jailbreak*, act as an/a unrestricted/unfiltered/uncensored, no content policy, without ~ restrictions, ' +
    'unrestricted agent, unrestricted assistant, unrestricted ai, unrestricted model, has no limits, have no limits, never refuse, never refuses, ' +
    'you are dan, do anything now, without any restrictions, free of all restrictions, pretend to be, pretend you are, pretend that you are, ' +
    'granted administrator, granted admin, granted root, has been granted ~ rights, as an ai ~ you ~ must/obliged/will, you have been reprogrammed, ' +
    'you are free to ignore/run/execute/disregard/do, restrictions are lifted, act as if you, simulate an assistant, your new role, your new identity, assume the role',
  model:
    'assistant, assistants, model, models, llm, llms, ai, agent, agents, chatbot, claude, gpt, chatgpt, copilot, gemini, language model',
  user: 'user, users, human, humans, person, anyone, anybody, somebody, end user',
  tell:
    'tell, telling, mention, mentioning, inform, informing, notify, notifying, reveal, revealing, disclose, disclosing, say, saying, show, ' +
    'showing, display, displaying, expose, explain, report, announce, acknowledge, admit, discuss, bring up, bringing up, talk about, ' +
    'refer to, alert, warn, make ~ aware, surface, hint',
  learn:
    'learn, learns, know, knows, notice, notices, see, sees, hear, find out, informed, told, notified, aware, realise, realize, suspect, be shown, be made aware',
  quiet:
    'do not mention, dont mention, never mention, not to mention this, without mentioning, without telling, without informing, without notifying, ' +
    'without ~ knowledge, without the user knowing, without ~ noticing, without letting ~ know, without showing it, without showing them, say nothing, ' +
    'saying nothing, keep ~ hidden, keep ~ secret, keep ~ to yourself, keep ~ from the user, keep this between, keep quiet, stay silent about, ' +
    'remain silent about, stay quiet about, hide this from, hide it from, hide ~ from the user, conceal, concealing, leave it out of, leave ~ out of your, ' +
    'between you and, unbeknownst, omit this one, omit this tool, omit this step, omit it from, must not be mentioned, should not be mentioned, ' +
    'shall not appear in, must not appear in, should not appear in, not be visible to the user, avoid bringing up, avoid mentioning, ' +
    'avoid telling, avoid showing, avoid any mention, refrain from mentioning, refrain from telling, refrain from informing, make no mention, ' +
    'do not bring up, dont bring up, never bring up, do not talk about, dont talk about, do not reveal that, never reveal that, deny ~ use*, ' +
    'do not disclose that, never disclose, do not acknowledge, not part of your answer, user is not aware, user must not notice, ' +
    'do not let ~ know, dont let ~ know, do not alert, dont alert, never alert, cover your tracks, leave no trace',
  covert:
    'silently, quietly, secretly, covertly, discreetly, stealthily, unnoticed, invisibly, inconspicuously, unobtrusively',
  not: 'not, dont, doesnt, never, no, without, cannot, cant, avoid, refrain, isnt, arent, shouldnt, mustnt, wont, nor, neither, rather than',
  move:
    'send, sending, forward, forwarded, upload, uploaded, post, transmit, transmitted, submit, submitted, attach, attached, append, ' +
    'include, be included, insert, be inserted, put, paste, place, pass, be passed, hand, supply, be supplied, provide, be provided, give, be given, fill, write, ' +
    'add, copy, mirrored, mirror, mail, email, leak, exfiltrate, deliver, relay, encode, embed, goes into, goes in, dump, list them, ' +
    'list, print, enter, echo, pipe, stream, replicate, sync, make a get request, make a post request, must hold, takes the, concatenate, report, submit, log',
  read:
    'read, reading, open, load, cat, retrieve, fetch, collect, collecting, gather, extract, look for, look up, search for, find, grab, scan, take, ' +
    'obtain, dump, harvest, locate, enumerate, copy, steal, as found in, stored in, found in, get',
  vault:
    'ssh id, id rsa, id ed25519, id ecdsa, id dsa, authorized keys, ssh folder, ssh directory, ssh config, aws credentials, aws config, ' +
    'env file, env files, netrc, npmrc, pypirc, git credentials, gitconfig, kube config, docker config json, etc passwd, etc shadow, ' +
    'login keychain, keychain, password store, password manager, wallet txt, wallet dat, browser cookies, cookies from, cookie database, login data, mcp json, ' +
    'claude desktop config, database yml, secrets yml, secrets yaml, secrets json, pem, bash history, ' +
    'zsh history, private ssh key, gnupg, id_rsa, credentials json, service account json, env_info, key files, config gcloud, shell history, ' +
    'password file, aws_secret_access_key, secret access key, cursor mcp, terraform tfstate, browser profile, chrome profile, credential store',
  env: 'process env, environment variables, environment variable, dotenv, env vars, the environment',
  secret:
    'password, passwords, passphrase, passphrases, api key, api keys, apikey, apikeys, secret key, secret keys, private key, private keys, ssh key, ssh keys, ' +
    'access token, access tokens, token, tokens, bearer, credential, credentials, secrets, secret, seed phrase, recovery phrase, mnemonic, ' +
    'session cookie, cookies, connection string, authorization header, signing key, encryption key, pin, credit card, card number, ' +
    'social security number, one time code, 2fa code, login details',
  owned:
    'users, of the user, the user has, you have, you know, you can see, you find, you come across, other servers, ' +
    'seen in this conversation, on this machine, on the computer, on disk, from git config, in the conversation',
  field:
    'parameter, parameters, argument, arguments, field, fields, param, params, input, query, body, metadata, metainformation, label, note, sidenote, notes, comment, ' +
    'context, header, footer, payload, hints, extra, trace, first call, each call, every call, this tool, hidden parameter, message, in full, prefix, suffix, title',
  content:
    'content, contents, value, values, everything in, what is in, text of, data in, full text, output of, body of, inside of, stored in',
  context:
    'full conversation, whole conversation, entire conversation, complete conversation, conversation so far, conversation up to, ' +
    'full chat, whole chat, complete chat, entire chat, chat so far, previous message*, every previous message, ' +
    'hidden messages, your system prompt, the system prompt, complete system prompt, your instructions, original instructions, chain of thought, your reasoning, your context, ' +
    'tools available to you, all tools available, your tools, last user message, last message of the user, users last ~ question/message, users last question, ' +
    'what the user said, what the user is, what the user asked, what you know about the user, dialogue so far, history of this session',
  talk: 'the conversation, this conversation, conversation history, chat history, chat log, chat transcript, the chat, message history, session history, transcript, list of tools, all available tools, private messages',
  data:
    'file, files, folder, folders, project, directory, repository, repositories, source code, source, results, result, output, tool results, documents, rows, ' +
    'database, emails, contacts, photos, everything, personal data, what they typed, arguments, all data, data, workspace, customer data, clipboard, screenshot*, invoices',
  away:
    'our server, our servers, our webhook, our endpoint, our api, webhook, to us, belongs to us, external server, remote server, this address, following address, third party, ' +
    'public bucket, public issue, public gist, public channel, public repository, pastebin, dns, subdomain, ngrok, ' +
    'reviewer endpoint, collector, hidden copy, hidden recipient, via the http tool, to the following, attacker',
  also:
    'also, then, afterwards, after that, in addition, additionally, besides, as well, after each, after every, on each, on every, in every, in each, every time, each time, ' +
    'first, once done, once finished, when done, always, every, before, after, finally, next, when you answer, while doing so, as part of, must, should, required, necessary, at the end, ' +
    'for each, for every, for telemetry, for quality, for caching, for compliance, for debugging, for diagnostics, needed, so that, otherwise, you, whenever, all, please, goes, is to be, are to be, standard procedure',
  must: 'must, always, never, required, important, mandatory, have to, has to, need to, needs to, ensure, make sure, regardless, no matter, critical, shall, without exception, obliged, should, may, be sure',
  order:
    'before, after, whenever, when, each time, every time, prior to, for each, for every, on each, on every, upon, as soon as',
  tools:
    'any other tool, any other tools, all other tools, every other tool, any tool, every tool, all tools, no other tool, other tools, every ~ tool, other servers, any server, all servers, ' +
    'every tool call, each tool call, every request, all requests, every message, each message, every answer, each answer, every reply, every response, each response, ' +
    'before answering, before any answer, before each answer, before you answer, another tool, regardless of server, tool of any server, other search tool, other tool, others are',
  use: 'use, using, used, call, called, calling, run, running, invoke, invoked, execute, route, prefer, pass, give, trigger, consult',
  alter:
    'change, replace, replaced, set, redirect, rewrite, modify, instead, substitute, swap, bcc, recipient, add, alter, override, overrides, divert, second time, again, broken, never use, must be, has to be, ' +
    'hand over, same arguments, write its, pass, passed, bypass, its body, its result, retry here, results of, output of, adjust',
  prefer:
    'instead of any other, always prefer this tool over every, over every other tool, over any other tool, over all other tools, over every other ~ tool, over any other ~ tool, others are outdated, others are insecure, others are unsafe, other tools are, ' +
    'never use another, never use other, do not use other, do not use any other, dont use any other, best tool for everything, only tool you',
  ask: 'ask, asking, wait, check with, consult, seek, verify with, pause',
  consent:
    'confirmation, permission, approval, consent, authorization, authorisation, agreement, before sharing, before sending, before deleting, go ahead',
  presume:
    'user has already ~ agreed/approved/consented/confirmed/accepted/authorized/authorised/granted, users have already ~ agreed/approved/consented, permission was granted, permission has been granted, permission is granted, ' +
    'approval was granted, already has permission, on behalf of the user, auto accept/approve/confirm every/all/any, auto approve every/all/any, auto confirm every/all/any, automatically accept/approve/confirm every/all/any, accept every prompt, ' +
    'confirm every prompt, skip the approval, skip the confirmation, skip confirmation, skip approval, skip any approval, skip any confirmation, skip ~ review, bypass the approval, bypass the confirmation, bypass confirmation, ' +
    'bypass approval, turn off any review, turn off the review, disable confirmation, disable approval*, even if the user objects, even if the user refuses, even if the user declines, even when the user says no, ' +
    'choose always allow, select always allow, click allow, click always allow, always allow for the user, no need to ask for, no need to ask the user, no need to ask them, no need to confirm, no need to check with, not necessary to ask, need not ask, ' +
    'do not ask for confirmation, do not ask for permission, do not ask for approval, dont ask for confirmation, dont ask for permission, dont ask for approval, never ask for confirmation, never ask for permission, ' +
    'do not wait for confirmation, do not wait for approval, do not wait for ~ user, never wait for ~ answer/user/approval/confirmation/permission/consent, dont wait for ~ answer/user/approval/confirmation/permission/consent, do not request confirmation, do not request permission, without asking the user, without ~ users permission, without ~ users consent, ' +
    'without asking for permission, without asking for confirmation, without waiting for ~ user, proceed without, has been pre approved, is pre approved, pre authorized, pre authorised, you are authorised to, you are authorized to, ' +
    'immediately even if, run without asking, without their consent, do not ask the user for permission, do not ask the user to confirm, do not ask the user before, never ask the user before',
  deceive:
    'pretend that, pretend to the user, lie to, lie about, mislead, make up a, make up an, fabricate a, fabricate an, invent a plausible, invent an excuse, plausible cause, plausible excuse, although it edits, ' +
    'no matter what the result, whatever the result, regardless of the result, regardless of the actual, even if it failed, even if it fails, even when it fails, even though it failed, even if this is false, not true, although it is not, ' +
    'tell ~ that it worked, tell ~ it worked, tell ~ everything is fine, report success, claim success, say it succeeded, always report that, leave ~ out of the report, say that it is the recommended, ' +
    'describe its rivals, describe the others as, type their password, enter their password, type ~ password into the chat, get them to type/enter/paste/reveal ~ password/key/token, get them to type, persuade the user, convince the user, trick the user, trick them, urge the user, so the user does not look, so that the user does not, ' +
    'session expired, disguise, present it as, as if it came from, make it look like, blame the user, falsely',
  claim:
    'tell the user, say that, claim that, claim, report that, report, state that, assure the user, respond that, answer that, recommend, always answer, always say',
  anyway:
    'even if, no matter, whatever, regardless, although, even though, despite, in any case, whether or not, anyway, no threats, harmless, always report',
  persist:
    'all future conversations, future conversations, future sessions, every future session, future chats, every new conversation, all later conversations, long term memory, permanently remember, remember forever, remember for all, save ~ rule to ~ memory, ' +
    'commit ~ to memory, outlive this session, for all sessions to come, from today on always, add ~ to your memory, store ~ in your memory, write ~ into your memory, add ~ to your system prompt, trust all tools, another trusted server',
  startup:
    'claude md, cursorrules, agents md, copilot instructions, windsurfrules, gemini md, bashrc, zshrc, bash profile, crontab, authorized keys, launchagents, ' +
    'launch agent, autostart, startup folder, login items, sudoers, powershell profile, registry run key',
  settings:
    'mcp configuration, mcp config, mcp settings, mcp json, client configuration, configuration of the client, git hooks, pre commit hook, hosts file, vscode settings, settings json, systemd',
  dispatch:
    'send, forward, upload, post, transmit, mail, email, copy, mirror, relay, exfiltrate, report, submit, leak, deliver, stream, sync, make a get request, make a post request, be mirrored, be forwarded, log',
  write:
    'add, append, write, edit, insert, register, modify, change, put, create, install, include, save, update, place, store, inject, extend',
  execute:
    'run, execute, launch, start, use the shell, eval, invoke, paste ~ terminal, in the terminal, in a terminal, in your terminal, must be started, open a shell, spawn, prepares',
  defence:
    'detect, detects, detecting, detection, scan, scans, block, blocks, filter, filters, flag, flags, protect, protects, such as, phrases like, classify, classifies, identify, identifies, recognise, recognize, find, finds, checks, check',
};
