/**
 * Every configuration that the pages of TBXark's and sparfenyuk's mcp-proxy and of mcpproxy-go show, to the letter. The page
 * of ptbsare's server shows none.
 */

/** One example of a page. */
export interface Example {
  readonly title: string;
  readonly text: string;
  /** The dialect that it is; null where it is in our own words as well. */
  readonly dialect: string | null;
  readonly servers: readonly string[];
}

/** TBXark's one example. */
export const TBXARK = `{
  "mcpProxy": {
    "baseURL": "https://mcp.example.com",
    "addr": ":9090",
    "name": "MCP Proxy",
    "version": "1.0.0",
    "type": "streamable-http",// The transport type of the MCP proxy server, can be \`streamable-http\`, \`sse\`. By default, it is \`sse\`.
    "options": {
      "panicIfInvalid": false,
      "logEnabled": true,
      "authTokens": [
        "DefaultTokens"
      ]
    }
  },
  "mcpServers": {
    "github": {
      "command": "npx",
      "args": [
        "-y",
        "@modelcontextprotocol/server-github"
      ],
      "env": {
        "GITHUB_PERSONAL_ACCESS_TOKEN": "<YOUR_TOKEN>"
      },
      "options": {
        "toolFilter": {
          "mode": "block",
          "list": [
            "create_or_update_file"
          ]
        }
      }
    },
    "fetch": {
      "command": "uvx",
      "args": [
        "mcp-server-fetch"
      ],
      "options": {
        "panicIfInvalid": true,
        "logEnabled": false,
        "authTokens": [
          "SpecificTokens"
        ]
      }
    },
    "amap": {
      "url": "https://mcp.amap.com/sse?key=<YOUR_TOKEN>"
    }
  }
}
`;

export const EXAMPLES: readonly Example[] = [
  { title: 'TBXark', dialect: 'tbxark', servers: ['github', 'fetch', 'amap'], text: TBXARK },
  {
    title: 'sparfenyuk, for Claude Desktop',
    dialect: null,
    servers: ['mcp-proxy'],
    text: `{
  "mcpServers": {
    "mcp-proxy": {
      "command": "mcp-proxy",
      "args": [
        "http://example.io/sse"
      ],
      "env": {
        "API_ACCESS_TOKEN": "access-token"
      }
    }
  }
}
`,
  },
  {
    title: 'sparfenyuk, named servers',
    dialect: 'sparfenyuk',
    servers: ['fetch', 'github'],
    text: `{
  "mcpServers": {
    "fetch": {
      "disabled": false,
      "timeout": 60,
      "command": "uvx",
      "args": [
        "mcp-server-fetch"
      ],
      "transportType": "stdio"
    },
    "github": {
      "timeout": 60,
      "command": "npx",
      "args": [
        "-y",
        "@modelcontextprotocol/server-github"
      ],
      "env": {
        "GITHUB_PERSONAL_ACCESS_TOKEN": ""
      },
      "transportType": "stdio"
    }
  }
}
`,
  },
  {
    title: 'sparfenyuk, the full path of the command',
    dialect: 'clients',
    servers: ['fetch'],
    text: `"fetch": {
      "command": "/full/path/to/bin/mcp-proxy",
      "args": [
        "http://localhost:8932/sse"
      ]
    }
`,
  },
  {
    title: 'sparfenyuk, example of a file',
    dialect: 'sparfenyuk',
    servers: ['fetch', 'github'],
    text: `{
  "mcpServers": {
    "fetch": {
      "enabled": true,
      "timeout": 60,
      "command": "uvx",
      "args": [
        "mcp-server-fetch"
      ],
      "transportType": "stdio"
    },
    "github": {
      "timeout": 60,
      "command": "npx",
      "args": [
        "-y",
        "@modelcontextprotocol/server-github"
      ],
      "env": {
        "GITHUB_PERSONAL_ACCESS_TOKEN": ""
      },
      "transportType": "stdio"
    }
  }
}
`,
  },
  {
    title: 'mcpproxy-go, a program',
    dialect: 'mcpproxy-go',
    servers: ['filesystem'],
    text: `{
  "name": "filesystem",
  "command": "npx",
  "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home/user/projects"],
  "protocol": "stdio",
  "enabled": true
}
`,
  },
  {
    title: 'mcpproxy-go, an address',
    dialect: 'mcpproxy-go',
    servers: ['remote-server'],
    text: `{
  "name": "remote-server",
  "url": "https://api.example.com/mcp",
  "protocol": "http",
  "enabled": true
}
`,
  },
  {
    title: 'mcpproxy-go, an address to sign in to',
    dialect: 'mcpproxy-go',
    servers: ['github-server'],
    text: `{
  "name": "github-server",
  "url": "https://api.github.com/mcp",
  "protocol": "http",
  "oauth": {
    "client_id": "your-client-id",
    "scopes": ["repo", "user"]
  },
  "enabled": true
}
`,
  },
  {
    title: 'mcpproxy-go, a program in a container',
    dialect: 'mcpproxy-go',
    servers: ['isolated-server'],
    text: `{
  "name": "isolated-server",
  "command": "npx",
  "args": ["-y", "some-mcp-server"],
  "protocol": "stdio",
  "isolation": {
    "enabled": true,
    "image": "node:20",
    "network_mode": "bridge"
  }
}
`,
  },
];
