/* version.h - the version of all three programs. */
#ifndef BC_VERSION_H
#define BC_VERSION_H

#define BAOCAO_VERSION "0.1.0"

#endif
