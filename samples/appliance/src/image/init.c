// What the kernel runs first. It does what takes a system call that JavaScript has no name for, and becomes Node, which stays
// the only process there is. When that ends, the kernel panics, and the machine is off.
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const modules[] = {MODULES}; // each after those it needs

static void up(int net, const char *name, const char *address, const char *mask) {
  struct ifreq request = {0};
  struct sockaddr_in *in = (struct sockaddr_in *)&request.ifr_addr;
  for (int i = 0; name[i]; i++) request.ifr_name[i] = name[i];
  in->sin_family = AF_INET;
  in->sin_addr.s_addr = inet_addr(address);
  ioctl(net, SIOCSIFADDR, &request);
  in->sin_addr.s_addr = inet_addr(mask);
  ioctl(net, SIOCSIFNETMASK, &request);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  ioctl(net, SIOCSIFFLAGS, &request);
}

int main(void) {
  mount("proc", "/proc", "proc", 0, 0);
  for (unsigned i = 0; i < sizeof modules / sizeof *modules; i++) {
    int file = open(modules[i], O_RDONLY | O_CLOEXEC);
    syscall(SYS_finit_module, file, "", 0);
    close(file);
  }
  int net = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  up(net, "lo", "127.0.0.1", "255.0.0.0");
  up(net, "eth0", "10.0.2.15", "255.255.255.0"); // and no route to anywhere else
  char *const arguments[] = {"/node", "/component/main.mjs", 0};
  char *const environment[] = {"HOME=/", 0};
  return execve(arguments[0], arguments, environment);
}
