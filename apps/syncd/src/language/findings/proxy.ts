import { say } from "../text.ts";

/** Of the API behind a proxy, and of proxies that are not used. */
export const proxy = {
  answers: (origin: string, place: string) =>
    say(
      `${origin} answers through the proxy ${place}; nothing was sent.`,
      `${origin} responde pelo proxy ${place}; nada foi enviado.`,
    ),
  unreachable: (origin: string, place: string, why: string) =>
    say(
      `${origin} cannot be reached through the proxy ${place}: ${why}.`,
      `não foi possível chegar a ${origin} pelo proxy ${place}: ${why}.`,
    ),
  certificateInTunnel: say(
    "The certificate at the end of the proxy's tunnel does not prove the API's name. A proxy that opens TLS has an authority of its own: name its certificate in NODE_EXTRA_CA_CERTS, or have the proxy leave this host alone. Check the machine's clock, too.",
    "O certificado no fim do túnel do proxy não comprova o nome da API. Um proxy que abre o TLS tem autoridade própria: indique o certificado dela em NODE_EXTRA_CA_CERTS, ou peça que o proxy não abra este servidor. Confira também o relógio da máquina.",
  ),
  silentEnd: say(
    "The proxy opened a tunnel, and the API did not answer at its end: ask who runs the proxy.",
    "O proxy abriu um túnel e a API não respondeu do outro lado: fale com quem cuida do proxy.",
  ),
  certificate: say(
    "The proxy's certificate does not prove its name: check TALKME_PROXY_URL, the machine's clock and its certificate authorities (NODE_EXTRA_CA_CERTS).",
    "O certificado do proxy não comprova o nome dele: confira TALKME_PROXY_URL, o relógio da máquina e as autoridades certificadoras dela (NODE_EXTRA_CA_CERTS).",
  ),
  place: say(
    "Check host, port and scheme in TALKME_PROXY_URL, the firewall, and that the proxy runs.",
    "Confira servidor, porta e esquema em TALKME_PROXY_URL, o firewall, e se o proxy está no ar.",
  ),
  login: say(
    "Correct user and password in TALKME_PROXY_URL (http://user:password@host:port, percent-encoded). If the proxy takes no Basic authentication, have it let this machine through without.",
    "Corrija usuário e senha em TALKME_PROXY_URL (http://usuario:senha@servidor:porta, com percent-encoding). Se o proxy não aceita autenticação Basic, peça que ele libere esta máquina sem senha.",
  ),
  rules: say(
    "Have the proxy allow CONNECT to this host and port; a 502, 503 or 504 says that the proxy itself cannot reach it.",
    "Peça que o proxy permita CONNECT para este servidor e esta porta; 502, 503 ou 504 quer dizer que o próprio proxy não chega lá.",
  ),
  noProxy: say(
    "Check that TALKME_PROXY_URL is an HTTP proxy's, with the right port, and http:// or https:// as the proxy itself speaks.",
    "Confira se TALKME_PROXY_URL é de um proxy HTTP, com a porta certa, e com http:// ou https:// conforme o próprio proxy.",
  ),
  unused: (variables: readonly string[], accounts: readonly string[]) => {
    const [names, direct] = [variables.join(", "), accounts.join(", ")];
    const one = variables.length === 1;
    return say(
      `${names} ${one ? "is" : "are"} set and not used: only TALKME_PROXY_URL counts. Connected to directly: the API of ${direct}.`,
      `${names} ${one ? "existe e não é usada" : "existem e não são usadas"}: só vale TALKME_PROXY_URL. Sem proxy: a API de ${direct}.`,
    );
  },
  useOurs: (variable: string) =>
    say(
      `${variable} is set, and syncd does not use it: if this machine needs a proxy, put its URL into TALKME_PROXY_URL.`,
      `${variable} existe, e o syncd não a usa: se esta máquina precisa de proxy, ponha a URL dele em TALKME_PROXY_URL.`,
    ),
};
