import { writeSync } from "node:fs";
import { deployShapes } from "../../src/deploy/deploy-component.ts";
import { DEPLOY_ENVIRONMENT, type DeployHost } from "../../src/deploy/host.ts";
import { Store } from "../../src/store/store.ts";

/**
 * Deploys a component with subscriptions and is killed, really, at its n-th change of something on the server, before
 * or after it; it says so first where it has stopped a projection that would run. Arguments: connection string, name, subscriptions as JSON, n, `before` or `after`.
 */
const [, , connectionString = "", name = "", events = "{}", at = "1", when = "before"] = process.argv;
const store = new Store(connectionString);
let calls = 0;
let standsStill = false;
const killing = async <Answer>(change: () => Promise<Answer>): Promise<Answer> => {
  calls += 1;
  const die = (): void => {
    if (standsStill) writeSync(1, "it stands still\n");
    process.kill(process.pid, "SIGKILL");
  };
  if (calls === Number(at) && when === "before") die();
  const answer = await change();
  if (calls === Number(at)) die();
  return answer;
};
const { projections, groups } = store;
const host: DeployHost = {
  address: store.address,
  append: (...given) => killing(() => store.append(...given)),
  read: (...given) => store.read(...given),
  logEnd: () => store.logEnd(),
  projections: {
    find: (name) => projections.find(name),
    list: () => projections.list(),
    statusOf: (name) => projections.statusOf(name),
    lastText: (name) => projections.lastText(name),
    create: (...given) => killing(() => projections.create(...given)),
    update: (...given) => killing(() => projections.update(...given)),
    enable: (name) =>
      killing(async () => {
        const isChanged = await projections.enable(name);
        standsStill = false;
        return isChanged;
      }),
    disable: (name) =>
      killing(async () => {
        const isChanged = await projections.disable(name);
        standsStill = true;
        return isChanged;
      }),
    remove: (name) => killing(() => projections.remove(name)),
  },
  groups: {
    find: (address) => groups.find(address),
    create: (...given) => killing(() => groups.create(...given)),
    update: (...given) => killing(() => groups.update(...given)),
    remove: (address) => killing(() => groups.remove(address)),
  },
};
const shape = {
  name,
  commands: [],
  replies: [],
  events: JSON.parse(events),
  categories: {},
  messageTimeout: 30_000,
};
await deployShapes(host, [shape], { environment: DEPLOY_ENVIRONMENT, by: "killed", done: () => {}, exactly: false });
await store.dispose();
process.stdout.write("done\n");
