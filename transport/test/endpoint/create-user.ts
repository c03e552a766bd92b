import { EventStoreDBClient } from "@eventstore/db-client";
import userClients from "@eventstore/db-client/generated/users_grpc_pb.js";
import users from "@eventstore/db-client/generated/users_pb.js";

/** Makes a user with the password `changeit`. @param connectionString an administrator's. */
export async function createUser(
  connectionString: string,
  login: string,
  groups: readonly string[] = [],
): Promise<void> {
  const client = EventStoreDBClient.connectionString(connectionString);
  const options = new users.CreateReq.Options();
  options.setLoginName(login);
  options.setFullName(login);
  options.setPassword("changeit");
  options.setGroupsList([...groups]);
  const request = new users.CreateReq();
  request.setOptions(options);
  await client["execute"](
    userClients.UsersClient,
    "users",
    (stub) =>
      new Promise<void>((resolve, reject) => {
        stub.create(request, ...client["callArguments"]({}), (error) => (error === null ? resolve() : reject(error)));
      }),
  );
  await client.dispose();
}
