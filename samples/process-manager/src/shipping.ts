import { component } from "@sluice/transport";
import { ParcelShipped, ShipParcel } from "./messages.ts";

/** A plain handler. Asked again it names the same parcel, under the same message id, which receivers drop. */
export const shipping = component("shipping", (c) => {
  c.handle(ShipParcel, ({ orderId }, ctx) => ctx.publish(ParcelShipped, { orderId, parcel: `parcel.${orderId}` }));
});
