/**
 * What both conformance fixtures have in common: the tools, resources and prompts whose answers are fixed, under the names
 * that the scenarios of the MCP conformance suite ask for. Data only; nothing here runs.
 */

/** One red pixel. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** A sound without samples. */
export const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

/** @param {string} text */
export const text = (text) => ({ type: 'text', text });
/** @param {string} words */
export const says = (words) => ({ content: [text(words)] });
/** @param {object} content */
const user = (content) => ({ role: 'user', content });
const image = { type: 'image', data: png, mimeType: 'image/png' };

export const noArguments = { type: 'object', properties: {} };

/** @param {...string} names of required texts */
export const texts = (...names) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
});

/** Tools that always answer the same. */
export const fixedTools = [
  {
    name: 'test_simple_text',
    description: 'Answers with one text.',
    result: says('This is a simple text response for testing.'),
  },
  { name: 'test_image_content', description: 'Answers with a picture.', result: { content: [image] } },
  {
    name: 'test_audio_content',
    description: 'Answers with a sound.',
    result: { content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] },
  },
  {
    name: 'test_embedded_resource',
    description: 'Answers with an embedded resource.',
    result: {
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    },
  },
  {
    name: 'test_multiple_content_types',
    description: 'Answers with several kinds of content.',
    result: {
      content: [
        text('Multiple content types test:'),
        image,
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: '{"test":"data","value":123}',
          },
        },
      ],
    },
  },
  {
    name: 'test_error_handling',
    description: 'Always fails, as a tool does.',
    result: { isError: true, ...says('This tool intentionally returns an error for testing') },
  },
];

/** A tool and a prompt that come and go, so that the lists really change. */
export const passing = {
  tool: { name: 'test_passing_tool', description: 'Is not always here.', result: says('Here now.') },
  prompt: {
    name: 'test_passing_prompt',
    description: 'Is not always here.',
    arguments: [],
    messages: () => [user(text('Here now.'))],
  },
};

/** A schema with much that a careless intermediary would drop. */
export const rich2020Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits this object.
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

const staticText = 'This is the content of the static text resource.';

/** Resources by their URI; `read` is what is inside. */
export const resources = [
  {
    uri: 'test://static-text',
    name: 'static-text',
    description: 'A text that stays the same.',
    mimeType: 'text/plain',
    read: { text: staticText },
  },
  {
    uri: 'test://static-binary',
    name: 'static-binary',
    description: 'A picture that stays the same.',
    mimeType: 'image/png',
    read: { blob: png },
  },
  {
    uri: 'test://watched-resource',
    name: 'watched-resource',
    description: 'A text to subscribe to.',
    mimeType: 'text/plain',
    read: { text: 'Watched.' },
  },
];

export const template = {
  uriTemplate: 'test://template/{id}/data',
  name: 'template',
  description: 'A resource for every id.',
  mimeType: 'application/json',
};

/**
 * What a resource contains.
 * @param {string} uri
 * @returns {object | undefined} undefined when there is no such resource
 */
export function contentsOf(uri) {
  const fixed = resources.find((resource) => resource.uri === uri);
  if (fixed !== undefined) return { contents: [{ uri, mimeType: fixed.mimeType, ...fixed.read }] };
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id === undefined) return undefined;
  const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return { contents: [{ uri, mimeType: 'application/json', text: data }] };
}

/** Prompts whose messages depend on nothing but their arguments. */
export const prompts = [
  {
    name: 'test_simple_prompt',
    description: 'A prompt without arguments.',
    arguments: [],
    messages: () => [user(text('This is a simple prompt for testing.'))],
  },
  {
    name: 'test_prompt_with_arguments',
    description: 'A prompt with two arguments.',
    arguments: [
      { name: 'arg1', description: 'the first', required: true },
      { name: 'arg2', description: 'the second', required: true },
    ],
    messages: ({ arg1, arg2 }) => [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    description: 'A prompt with a resource inside.',
    arguments: [{ name: 'resourceUri', description: 'which resource', required: true }],
    messages: ({ resourceUri }) => [
      user({
        type: 'resource',
        resource: {
          uri: resourceUri,
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        },
      }),
      user(text('Please process the embedded resource above.')),
    ],
  },
  {
    name: 'test_prompt_with_image',
    description: 'A prompt with a picture inside.',
    arguments: [],
    messages: () => [user(image), user(text('Please analyze the image above.'))],
  },
];

/**
 * Suggestions for an argument.
 * @param {string} value what has been typed
 */
export function completions(value) {
  const values = ['paris', 'park', 'party', 'test'].filter((word) => word.startsWith(value));
  return { completion: { values, total: values.length, hasMore: false } };
}

/** What the user is asked for in the elicitation scenarios of 2025. */
export const elicitations = {
  plain: {
    type: 'object',
    properties: {
      username: { type: 'string', description: "User's response" },
      email: { type: 'string', description: "User's email address" },
    },
    required: ['username', 'email'],
  },
  defaults: {
    type: 'object',
    properties: {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    },
    required: [],
  },
  enums: {
    type: 'object',
    properties: {
      untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
      titledSingle: { type: 'string', oneOf: titled('value', 'Option') },
      legacyEnum: {
        type: 'string',
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
      titledMulti: { type: 'array', items: { anyOf: titled('value', 'Choice') } },
    },
    required: [],
  },
};

/**
 * @param {string} value
 * @param {string} title
 */
function titled(value, title) {
  return ['First', 'Second', 'Third'].map((nth, i) => ({
    const: `${value}${i + 1}`,
    title: `${nth} ${title}`,
  }));
}
