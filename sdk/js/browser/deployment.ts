import { Person } from "./person.js";
import { type Settings, provisioning } from "./provisioning.js";
import { Server } from "./server.js";
import { Site } from "./site.js";

/** A server, the origins that pages come from, and its people. */
export interface Deployment {
  server: Server;
  /** Has the server on the same origin, through a network that can be cut. */
  home: Site;
  /** Another origin, which the server allows. */
  abroad: Site;
  /** Another origin, which it does not. */
  stranger: Site;
  agent: Person;
  colleague: Person;
  newcomer: Person;
  supervisor: Person;
  router: Person;
  /** Mends the network and ends every session. */
  calm: () => Promise<void>;
  close: () => Promise<void>;
}

export const deploy = async (program: string, settings: Settings = {}): Promise<Deployment> => {
  const [home, abroad, stranger] = await Promise.all([Site.open({ forwards: true }), Site.open({ forwards: false }), Site.open({ forwards: false })]);
  const server = await Server.start({ program, provisioning: provisioning(settings), allowOrigins: [abroad.origin, "null"] }); // null: frames that are sandboxed
  for (const site of [home, abroad, stranger]) site.server = server;
  const agent = await Person.logIn(server, "agent@desk.example");
  const colleague = await Person.logIn(server, "colleague@desk.example");
  const newcomer = await Person.logIn(server, "newcomer@desk.example");
  const supervisor = await Person.logIn(server, "supervisor@desk.example");
  const router = await Person.logIn(server, "router@desk.example");
  return {
    server,
    home,
    abroad,
    stranger,
    agent,
    colleague,
    newcomer,
    supervisor,
    router,
    calm: async () => {
      home.mend();
      home.sockets = true;
      home.latency = 0;
      if (!server.running) await server.start();
      for (const person of [agent, colleague, newcomer, supervisor]) await supervisor.endSession(person);
    },
    close: async () => {
      await Promise.all([home.close(), abroad.close(), stranger.close()]);
      await server.close();
    },
  };
};
