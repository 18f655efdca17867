/** Whole files of other programs, put together from what their own pages show (pages.ts has these to the letter). */

/** sparfenyuk's two pages. */
export const SPARFENYUK = `{
  "mcpServers": {
    "fetch": {
      "disabled": false,
      "timeout": 60,
      "command": "uvx",
      "args": ["mcp-server-fetch"],
      "transportType": "stdio"
    },
    "github": {
      "timeout": 60,
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-github"],
      "env": { "GITHUB_PERSONAL_ACCESS_TOKEN": "" },
      "transportType": "stdio"
    },
    "off": { "enabled": false, "command": "uvx", "transportType": "stdio" }
  }
}`;

/** The four servers of mcpproxy-go's page about upstream servers, in one file. */
export const MCPPROXY = `{
  "listen": "127.0.0.1:8080",
  "api_key": "secret-of-the-web-interface",
  "enable_tray": true,
  "mcpServers": [
    { "name": "filesystem", "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home/user/projects"], "protocol": "stdio", "enabled": true },
    { "name": "remote-server", "url": "https://api.example.com/mcp", "protocol": "http", "enabled": true },
    { "name": "github-server", "url": "https://api.github.com/mcp", "protocol": "http", "oauth": { "client_id": "your-client-id", "scopes": ["repo", "user"] }, "enabled": true },
    { "name": "isolated-server", "command": "npx", "args": ["-y", "some-mcp-server"], "protocol": "stdio", "isolation": { "enabled": true, "image": "node:20", "network_mode": "bridge" } }
  ]
}`;

/** ptbsare's file and its companion. */
export const PTBSARE = `{
  "mcpServers": {
    "weather": { "type": "stdio", "name": "Weather", "active": true, "command": "node", "args": ["weather.js"], "env": { "KEY": "k" }, "installDirectory": "/tools/weather", "installCommands": ["npm i"] },
    "remote": { "type": "sse", "name": "Remote", "active": "false", "url": "https://r.example/sse", "bearerToken": "tok", "apiKey": "key" },
    "plain": { "type": "http", "url": "https://p.example/mcp", "apiKey": "key" }
  },
  "proxy": { "retrySseToolCall": true }
}`;

export const PTBSARE_TOOLS = JSON.stringify({
  tools: {
    weather__forecast: { enabled: true, exposedName: 'weather__tomorrow', exposedDescription: 'What comes.' },
    weather__secret: { enabled: false },
    nobody__x: { enabled: false },
  },
});
